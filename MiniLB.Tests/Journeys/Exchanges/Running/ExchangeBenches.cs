using MiniLB.Tests.Journeys.Exchanges.Table;

namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>The benches of the program under test, for a class of tests.</summary>
public sealed class ExchangeBenches : IAsyncLifetime
{
    private BenchSet Benches { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Benches.DisposeAsync();

    internal Task RunAsync(ExchangeRow row) => Benches.RunAsync(row);
}
