using MiniLB.BackgroundLoops.Discovery;
using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.Cli;

/// <summary>One look-up of each source of a configuration that nobody runs yet.</summary>
internal static class SourceReport
{
    /// <returns>The pools with what was found, and whether all sources could be looked up.</returns>
    public static async Task<(IReadOnlyList<PoolOptions> Pools, bool AreAllFound)> WriteAsync(
        BalancerOptions options, CancellationToken cancellationToken)
    {
        var system = new SystemFiles();
        using var client = new DnsClient(() => system.Resolver, TimeProvider.System);
        var lookup = SourceLookup.OfSystem(client, system);
        var sources = options.Pools.SelectMany(p => p.Sources).DistinctBy(s => s.Key).ToArray();
        var findings = await Task.WhenAll(
            sources.Select(s => lookup.OfAsync(s, new KeptAddresses(), cancellationToken)));
        var answers = new SourceAnswers();
        foreach (var (source, finding) in sources.Zip(findings))
        {
            Console.WriteLine($"{source.Key} " + (finding.Problem is { } problem
                ? $"cannot be looked up: {problem}"
                : $"has {finding.Backends!.Count} backends"));
            answers.Put(source, finding.Backends ?? []);
        }

        return ([.. options.Pools.Select(p => answers.Expand(p, out _))],
            findings.All(f => f.Problem is null));
    }
}
