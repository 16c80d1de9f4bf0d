namespace MiniLB.Tests.Fuzzing.Strict;

/// <summary>Sizes around which both answers are right, so that the fuzzer need not count as MiniLB does.</summary>
internal readonly record struct StrictLimits(int Line, int HeadBytes, int Fields, int ChunkLine)
{
    private const int Slack = 96;
    private const int Endless = int.MaxValue / 2;

    /// <summary>Defaults of limits.requestLine, limits.headerBytes and limits.headers.</summary>
    public static readonly StrictLimits Request = new(8 * 1024, 32 * 1024, 100, 1024);

    /// <summary>Defaults of limits.responseHeaderBytes and limits.responseHeaders of a pool.</summary>
    public static readonly StrictLimits Response = new(64 * 1024, 64 * 1024, 100, 1024);

    /// <summary>Of a stream that is only to be read, not judged.</summary>
    public static readonly StrictLimits None = new(Endless, Endless, Endless, Endless);

    public static bool IsAbove(int value, int limit) => value > limit + Slack;

    public static bool IsNear(int value, int limit) => value > limit - Slack && value <= limit + Slack;
}
