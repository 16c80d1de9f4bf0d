namespace MiniLB.Tests.Simulation;

/// <summary>A simulation keeps a core busy for half a minute: journeys that measure time must not run beside
/// it.</summary>
[CollectionDefinition(nameof(SimulationAlone), DisableParallelization = true)]
public sealed class SimulationAlone;
