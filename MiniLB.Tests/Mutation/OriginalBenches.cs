using MiniLB.Tests.Journeys.Exchanges.Running;

namespace MiniLB.Tests.Mutation;

/// <summary>Balancers with every check on, shared by all mutants: a row that is red here too shows nothing.</summary>
public sealed class OriginalBenches : IAsyncLifetime
{
    internal BenchSet Benches { get; } = new(Mutant.Original);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Benches.DisposeAsync();
}
