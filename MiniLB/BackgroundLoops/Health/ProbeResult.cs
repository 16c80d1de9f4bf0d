namespace MiniLB.BackgroundLoops.Health;

/// <summary>What a probe found, in words for the log.</summary>
internal readonly record struct ProbeResult(bool Passed, string Reason);
