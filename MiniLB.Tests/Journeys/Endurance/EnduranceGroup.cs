namespace MiniLB.Tests.Journeys.Endurance;

/// <summary>Journeys that need the machine to themselves: they run one after another, after all others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class EnduranceGroup
{
    public const string Name = "Endurance";
}
