namespace MiniLB.Config.Options;

/// <summary>When live traffic takes a backend out of rotation, and for how long.</summary>
internal sealed record EjectionOptions
{
    public bool Enabled { get; init; } = true;

    /// <summary>Failures in a row: transport errors, 502, 503 or 504 (Envoy).</summary>
    public int Failures { get; init; } = 5;

    /// <summary>How long the first time; the second takes twice as long, and so on (nginx: 10 s).</summary>
    public TimeSpan BaseTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long at most (Envoy).</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How much of a pool may be out at once, in percent; the last one in rotation never is.</summary>
    public int MaxPercent { get; init; } = 50;
}
