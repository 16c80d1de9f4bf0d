using MiniLB.State;

namespace MiniLB.Admin;

/// <summary>One backend as the admin address shows it.</summary>
internal record BackendDocument
{
    public required string Pool { get; init; }

    /// <summary>As configured.</summary>
    public required string Url { get; init; }

    /// <summary>Where it was found, such as "dns http://api.internal:8080"; null where it is listed.</summary>
    public required string? Source { get; init; }

    /// <summary>enabled, draining or disabled: what the operator wants.</summary>
    public required string Mode { get; init; }

    /// <summary>As in the health document.</summary>
    public required bool Alive { get; init; }

    /// <summary>Whether it may be given any request.</summary>
    public required bool Available { get; init; }

    public required int Weight { get; init; }

    public required bool Backup { get; init; }

    /// <summary>Requests that it is serving, tunnels included.</summary>
    public required int InFlight { get; init; }

    /// <summary>Open connections to it, kept ones included, probes not.</summary>
    public required int Connections { get; init; }

    public required int Tunnels { get; init; }

    public required long Sends { get; init; }

    public required long Failures { get; init; }

    /// <summary>Null unless live traffic has taken it out of rotation.</summary>
    public required EjectionDocument? Ejected { get; init; }

    /// <summary>closed, open or halfOpen; null where circuits are not broken.</summary>
    public required string? Circuit { get; init; }

    public static BackendDocument Of(World world, PoolSnapshot pool, Backend backend)
    {
        var status = pool[backend];
        return new BackendDocument
        {
            Pool = pool.Options.Name,
            Url = backend.Url,
            Source = backend.Options.Source?.Key,
            Mode = Word(status.Mode),
            Alive = status.IsAlive,
            Available = status.IsAvailable,
            Weight = status.Weight,
            Backup = backend.IsBackup,
            InFlight = backend.InFlight,
            Connections = backend.Connections,
            Tunnels = backend.Tunnels.Count,
            Sends = backend.Sends,
            Failures = backend.Failures,
            Ejected = status.Ejection is { } ejection ? EjectionDocument.Of(world, ejection) : null,
            Circuit = backend.Circuit is { } circuit ? Word(circuit.State) : null,
        };
    }

    public static string Word(BackendMode mode) => mode switch
    {
        BackendMode.Draining => "draining",
        BackendMode.Disabled => "disabled",
        _ => "enabled",
    };

    private static string Word(CircuitState state) => state switch
    {
        CircuitState.Open => "open",
        CircuitState.HalfOpen => "halfOpen",
        _ => "closed",
    };
}

/// <summary>Why live traffic has taken a backend out of rotation.</summary>
/// <param name="Until">When it may be back at the latest, where nothing else keeps it out.</param>
/// <param name="Reason">noConnection or failures.</param>
internal sealed record EjectionDocument(DateTimeOffset Until, string Reason)
{
    public static EjectionDocument Of(World world, Ejection ejection) =>
        new(world.DateOf(ejection.Until), ejection.CouldNotConnect ? "noConnection" : "failures");
}
