namespace MiniLB.Load.Engine;

/// <summary>What became of one request.</summary>
/// <param name="Failure">Null where it was answered well.</param>
/// <param name="Bytes">Bytes of the answer's body.</param>
internal readonly record struct Outcome(string? Failure, long Bytes)
{
    public static Outcome Answered(long bytes) => new(null, bytes);

    public static Outcome Failed(string kind) => new(kind, 0);
}
