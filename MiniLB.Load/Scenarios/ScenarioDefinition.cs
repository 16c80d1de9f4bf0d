using MiniLB.Load.Self;

namespace MiniLB.Load.Scenarios;

/// <summary>A scenario by name: what it does, and what is done to our own system meanwhile.</summary>
/// <param name="Name">As in the command line; its profile is Profiles/NAME.json.</param>
/// <param name="Summary">One line for the help.</param>
/// <param name="Create">Makes what runs.</param>
internal sealed record ScenarioDefinition(string Name, string Summary, Func<Target, IScenario> Create)
{
    /// <summary>The sample backends and the balancer that <c>--self</c> starts.</summary>
    public SystemSettings Self { get; init; } = new();

    /// <summary>What is done to them while the load runs; null for nothing.</summary>
    public Disturbance? Disturb { get; init; }
}
