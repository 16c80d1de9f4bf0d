namespace MiniLB.Tests.Fuzzing.Strict;

/// <summary>How a stream of bytes ended, so far as it did.</summary>
public enum StreamEnd
{
    Open,
    Closed,
    Reset,
}
