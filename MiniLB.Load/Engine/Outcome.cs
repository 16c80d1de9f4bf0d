namespace MiniLB.Load.Engine;

/// <summary>What became of one request.</summary>
/// <param name="Failure">Null where it was answered well.</param>
/// <param name="Backend">Who answered, as the answer says; null where it does not.</param>
/// <param name="BytesOut">Bytes of the request's body.</param>
/// <param name="BytesIn">Bytes of the answer's body.</param>
internal readonly record struct Outcome(string? Failure, string? Backend, long BytesOut, long BytesIn)
{
    public static Outcome Failed(string kind, string? backend = null) => new(kind, backend, 0, 0);
}
