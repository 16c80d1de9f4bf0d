namespace MiniLB.Tests.Fuzzing.Strict;

/// <summary>What tells where a body ends.</summary>
internal enum Framing
{
    None,
    Length,
    Chunked,
    UntilClose,
}
