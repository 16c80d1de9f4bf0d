using BenchmarkDotNet.Attributes;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Load.Picks;

/// <summary>What a pick costs: for each strategy, by the number of backends and of threads.</summary>
/// <remarks>Public because BenchmarkDotNet derives from it.</remarks>
public class PickBenchmark
{
    /// <summary>Picks that each thread makes in a run.</summary>
    private const int PicksPerRun = 65_536;

    /// <summary>Requests that each thread has in flight, so that there are loads to compare.</summary>
    private const int Held = 16;

    private const string Heap = "leastConnections, heap";

    private static readonly TimeSpan FirstByte = TimeSpan.FromMilliseconds(5);

    private BalanceStrategy _strategy = null!;
    private PoolSnapshot _pool = null!;
    private PickThreads _picks = null!;
    private PickThreads _requests = null!;

    public static IEnumerable<string> Names =>
        [.. Enum.GetNames<StrategyName>(), Heap];

    [ParamsSource(nameof(Names))]
    public string Strategy { get; set; } = "";

    [Params(3, 100, 1_000)]
    public int Backends { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup(Targets = [nameof(Pick), nameof(Request)])]
    public void Begin()
    {
        var product = Strategy == Heap ? StrategyName.LeastConnections : Enum.Parse<StrategyName>(Strategy);
        var options = new PoolOptions
        {
            Name = "default",
            Strategy = product,
            Backends = [.. Enumerable.Range(0, Backends).Select(OneBackend)],
            HealthCheck = new HealthCheckOptions { Initial = InitialHealth.Up },
        };
        _strategy = Strategies.Create(options, TimeProvider.System);
        _pool = new World(
            new BalancerOptions { Pools = [options] }, paths: (_, _, _) => new BalancedPath(_strategy)).Current.DefaultPool;
        _strategy = Strategy == Heap ? new HeapStrategy(_pool) : _strategy;
        foreach (var backend in _pool.All)
        {
            _strategy.Observe(backend, FirstByte, Verdict.Success);
        }

        (_picks, _requests) = (new PickThreads(Threads, PickOnly), new PickThreads(Threads, PickAndServe));
    }

    [GlobalSetup(Target = nameof(Busy))]
    public void BeginBusy()
    {
        Begin();
        foreach (var backend in _pool.All)
        {
            for (var i = 0; i <= backend.Index % 3; i++)
            {
                backend.TryBegin();
            }
        }
    }

    [GlobalCleanup]
    public void End()
    {
        _picks.Dispose();
        _requests.Dispose();
    }

    /// <summary>The pick alone.</summary>
    [Benchmark(OperationsPerInvoke = PicksPerRun)]
    public void Pick() => _picks.Run();

    /// <summary>The pick alone, where every backend has one to three requests in flight.</summary>
    [Benchmark(OperationsPerInvoke = PicksPerRun)]
    public void Busy() => _picks.Run();

    /// <summary>As for a request: the pick, TryBegin, and, some picks later, End, and Observe where the strategy asks for
    /// it.</summary>
    [Benchmark(OperationsPerInvoke = PicksPerRun)]
    public void Request() => _requests.Run();

    private void PickOnly(int thread)
    {
        var key = (ulong)thread;
        for (var i = 0; i < PicksPerRun; i++)
        {
            _strategy.Pick(_pool, new PickRequest(default, key = Next(key)));
        }
    }

    private void PickAndServe(int thread)
    {
        var key = (ulong)thread;
        Span<int> held = stackalloc int[Held];
        held.Fill(-1);
        for (var i = 0; i < PicksPerRun; i++)
        {
            var backend = _strategy.Pick(_pool, new PickRequest(default, key = Next(key)))!;
            backend.TryBegin();
            EndOne(held[i % Held]);
            held[i % Held] = backend.Index;
        }

        foreach (var index in held)
        {
            EndOne(index);
        }
    }

    private void EndOne(int index)
    {
        if (index < 0)
        {
            return;
        }

        _pool.All[index].End(sent: true, failed: false);
        if (_strategy.Observes)
        {
            _strategy.Observe(_pool.All[index], FirstByte, Verdict.Success);
        }
    }

    // Knuth's numbers; for the strategies that go by a key.
    private static ulong Next(ulong key) => (key * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;

    private static BackendOptions OneBackend(int number)
    {
        var url = $"http://127.0.0.1:{10_000 + number}";
        return BackendAddress.Parse(url, out var address) is { } error
            ? throw new ArgumentException(error)
            : new BackendOptions { Url = url, Address = address };
    }
}
