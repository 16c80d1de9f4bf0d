namespace MiniLB.BackgroundLoops.Health;

/// <summary>What a probe found, in words for the log.</summary>
/// <param name="Passed">Whether the backend can serve.</param>
/// <param name="Reason">Why, or why not.</param>
/// <param name="SaysNothing">True where this process was kept from probing: no evidence, neither for the backend nor
/// against it.</param>
internal readonly record struct ProbeResult(bool Passed, string Reason, bool SaysNothing = false);
