using MiniLB.BackgroundLoops.Health;
using MiniLB.Config.Options;

namespace MiniLB.Cli;

/// <summary>One probe of each backend of a configuration that nobody runs yet.</summary>
internal static class ProbeReport
{
    /// <returns>0 where every backend that is to be probed is up.</returns>
    public static async Task<int> WriteAsync(BalancerOptions options, CancellationToken cancellationToken)
    {
        var (pools, areAllFound) = await SourceReport.WriteAsync(options, cancellationToken);
        var probes = pools.SelectMany(
            pool => pool.Backends.Select(backend => (Pool: pool, Backend: backend))).ToArray();
        var results = await Task.WhenAll(
            probes.Select(p => ProbeAsync(p.Pool, p.Backend, cancellationToken)));
        foreach (var ((pool, backend), result) in probes.Zip(results))
        {
            Console.WriteLine($"{pool.Name}/{backend.Url} is " + result switch
            {
                null => "not probed: healthCheck.enabled is false",
                { Passed: true } up => $"up: {up.Reason}",
                { } down => $"down: {down.Reason}",
            });
        }

        return areAllFound && results.All(r => r is null or { Passed: true }) ? ExitCode.Clean : ExitCode.Failed;
    }

    private static async Task<ProbeResult?> ProbeAsync(
        PoolOptions pool, BackendOptions backend, CancellationToken cancellationToken)
    {
        if (!pool.HealthCheck.Enabled)
        {
            return null;
        }

        using var checker = HealthChecker.Create(pool, backend.Address, TimeProvider.System);
        return await checker.ProbeAsync(cancellationToken);
    }
}
