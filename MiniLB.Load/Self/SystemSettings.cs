namespace MiniLB.Load.Self;

/// <summary>How the sample backends behave, and how the balancer before them picks.</summary>
internal sealed record SystemSettings
{
    /// <summary>Sample backends.</summary>
    public int Backends { get; init; } = 3;

    /// <summary>The balancer's strategy.</summary>
    public string Strategy { get; init; } = "roundRobin";

    /// <summary>How long each answer takes.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How much longer each answer of the first backend takes.</summary>
    public TimeSpan FirstDelay { get; init; }

    /// <summary>How many requests a backend works on at a time, and the balancer's <c>maxInFlight</c> for it; 0 for
    /// any number.</summary>
    public int AtOnce { get; init; }
}
