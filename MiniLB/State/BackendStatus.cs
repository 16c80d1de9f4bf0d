namespace MiniLB.State;

/// <summary>What is known about a backend at one moment, from probes, live traffic and the operator.</summary>
/// <param name="IsUp">What the probes say, or true where there are none.</param>
/// <param name="Weight">Its share of the traffic, as configured or as the operator has set it since.</param>
internal readonly record struct BackendStatus(bool IsUp, int Weight)
{
    /// <summary>Steps of slow start; a share is counted in them.</summary>
    public const int FullSteps = 10;

    public BackendMode Mode { get; init; }

    /// <summary>Null unless live traffic has taken it out of rotation.</summary>
    public Ejection? Ejection { get; init; }

    /// <summary>True while its circuit is open.</summary>
    public bool IsCircuitOpen { get; init; }

    /// <summary>When it came back, on the clock of the process; null unless it is still starting slowly.</summary>
    public TimeSpan? RisingSince { get; init; }

    /// <summary>How far slow start has come.</summary>
    public int Steps { get; init; } = FullSteps;

    /// <summary>Alive as the health document has it.</summary>
    public bool IsAlive => IsUp && Ejection is null;

    /// <summary>True where it may be given any request.</summary>
    public bool IsAvailable => IsAlive && !IsCircuitOpen && Mode == BackendMode.Enabled;

    /// <summary>True where it may be given the requests of its sticky sessions.</summary>
    public bool ServesSessions => IsAlive && !IsCircuitOpen && Mode != BackendMode.Disabled;

    /// <summary>Its share relative to others, slow start worked in.</summary>
    public int Share => Weight * Steps;
}

/// <summary>Why and how long a backend is out of rotation.</summary>
/// <param name="Until">When its time is over, on the clock of the process.</param>
/// <param name="CouldNotConnect">True where no connection could be made: then one that can be made says that it is
/// back, however early.</param>
internal sealed record Ejection(TimeSpan Until, bool CouldNotConnect);
