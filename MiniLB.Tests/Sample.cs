using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests;

/// <summary>Backends and pools as a configuration would make them, for tests that need some and no more.</summary>
internal static class Sample
{
    public static BackendOptions BackendOptions(string url, int weight = 1)
    {
        Assert.Null(BackendAddress.Parse(url, out var address));
        return new BackendOptions { Url = url, Address = address, Weight = weight };
    }

    public static Backend Backend(string url = "http://127.0.0.1:9001", int index = 0) =>
        new(BackendOptions(url), index);

    /// <summary>One backend for each weight, all in rotation, on ports from 9001.</summary>
    public static PoolSnapshot Pool(params int[] weights) => World(weights).Current.DefaultPool;

    /// <summary>One pool, whose backends are up from the start.</summary>
    public static World World(params int[] weights) => World(new RoundRobinStrategy(), weights);

    /// <summary>As above, for another strategy than round robin.</summary>
    public static World World(BalanceStrategy strategy, params int[] weights) => World(
        strategy,
        PoolOptions([.. weights.Select((w, i) => BackendOptions($"http://127.0.0.1:{9001 + i}", w))]));

    public static World World(BalanceStrategy strategy, PoolOptions options, TimeProvider? time = null) =>
        new(new BalancerOptions { Pools = [options] }, time, (_, _, _) => new BalancedPath(strategy));

    /// <summary>As one request that fails does, where the circuit asks for no more.</summary>
    public static void OpenCircuit(World world, Backend backend)
    {
        Assert.Equal(CircuitChange.Opened, backend.Circuit!.End(Verdict.Failure, backend.Circuit.Stage));
        world.FollowCircuit(backend);
    }

    public static Span Span(string target) => new()
    {
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
        SpanId = "53995c3f42cd8ad8",
        Start = new DateTime(2026, 2, 3, 4, 5, 6, 789, DateTimeKind.Utc),
        Duration = TimeSpan.FromMicroseconds(1_500),
        Method = "GET",
        Scheme = "http",
        Target = target,
        Host = "site.example",
        Version = "1.1",
        Client = "203.0.113.7",
        Peer = "10.0.0.9",
        UserAgent = "curl/8",
        Status = 200,
        Pool = "web",
        Backend = "http://10.0.0.2:2",
        Attempts = ["http://10.0.0.2:2 done"],
        Ended = "done",
        HasFailed = false,
        RequestId = "0123456789abcdef0123456789abcdef",
    };

    public static PoolOptions PoolOptions(params BackendOptions[] backends) => new()
    {
        Name = "default",
        Backends = backends,
        HealthCheck = new HealthCheckOptions { Initial = InitialHealth.Up },
    };
}
