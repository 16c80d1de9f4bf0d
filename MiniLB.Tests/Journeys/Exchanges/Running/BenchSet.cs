using MiniLB.Tests.Journeys.Exchanges.Table;

namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>The benches that rows share: one for each kind of settings, started when the first row asks.</summary>
/// <param name="assembly">Another build of the program's assembly than the one under test.</param>
internal sealed class BenchSet(string? assembly = null) : IAsyncDisposable
{
    private readonly Dictionary<BenchKind, ExchangeBench> _benches = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var bench in _benches.Values)
        {
            await bench.DisposeAsync();
        }
    }

    /// <summary>Runs a row on its bench, and throws where it does not hold; a balancer that a row has killed is
    /// replaced for the next.</summary>
    public async Task RunAsync(ExchangeRow row)
    {
        if (!_benches.TryGetValue(row.Bench, out var bench))
        {
            _benches[row.Bench] = bench = await ExchangeBench.StartAsync(row.Bench, assembly);
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

    /// <returns>False where the row does not hold.</returns>
    public async Task<bool> HoldsAsync(ExchangeRow row)
    {
        try
        {
            await RunAsync(row);
            return true;
        }
        catch (RowFailedException)
        {
            return false;
        }
    }
}
