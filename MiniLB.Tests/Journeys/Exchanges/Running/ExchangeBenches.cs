using MiniLB.Tests.Journeys.Exchanges.Table;

namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>The benches that rows share: one for each kind of settings, started when the first row asks.</summary>
public sealed class ExchangeBenches : IAsyncLifetime
{
    private readonly Dictionary<BenchKind, ExchangeBench> _benches = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var bench in _benches.Values)
        {
            await bench.DisposeAsync();
        }
    }

    /// <summary>Runs a row on its bench; a balancer that a row has killed is replaced for the next.</summary>
    internal async Task RunAsync(ExchangeRow row)
    {
        if (!_benches.TryGetValue(row.Bench, out var bench))
        {
            _benches[row.Bench] = bench = await ExchangeBench.StartAsync(row.Bench);
        }

        try
        {
            await ExchangeRunner.RunAsync(bench, row);
        }
        finally
        {
            if (bench.HasExited)
            {
                _benches.Remove(row.Bench);
                await bench.DisposeAsync();
            }
        }
    }
}
