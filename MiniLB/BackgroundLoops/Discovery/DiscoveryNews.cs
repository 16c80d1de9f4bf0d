using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>Says in the log which backends have come and gone.</summary>
internal sealed class DiscoveryNews(ILogger<DiscoveryLoop> logger)
{
    // Lines of one change in one pool.
    private const int MostLogged = 100;

    // Why nothing was changed, as said last of each source: it is tried again with each look-up.
    private readonly Dictionary<string, string> _refusals = [];

    public void Tell(BackendSource source, IReadOnlyList<FoundChange> changes, WorldSnapshot world)
    {
        var refusal = changes.Select(c => c.Problem).FirstOrDefault(p => p is not null);
        if (refusal is not null && _refusals.GetValueOrDefault(source.Key) != refusal)
        {
            DiscoveryLog.Refused(logger, source.Key, refusal);
        }

        _refusals.Remove(source.Key);
        if (refusal is not null)
        {
            _refusals[source.Key] = refusal;
        }

        foreach (var change in changes.Where(c => c.Problem is null))
        {
            Tell(source, change, Array.Find(world.Pools, p => p.Options.Name == change.Pool));
        }
    }

    private void Tell(BackendSource source, FoundChange change, PoolSnapshot? pool)
    {
        (string Sign, BackendOptions Backend)[] lines =
            [.. change.Came.Select(b => ("+", b)), .. change.Left.Select(b => ("-", b))];
        foreach (var (sign, backend) in lines.Take(MostLogged))
        {
            DiscoveryLog.Changed(logger, sign, change.Pool, backend.Url, (backend.Source ?? source).Key);
        }

        if (lines.Length > MostLogged)
        {
            DiscoveryLog.More(logger, lines.Length - MostLogged, change.Pool);
        }

        if (change.LeftOut > 0)
        {
            DiscoveryLog.LeftOut(logger, change.Pool, change.LeftOut, source.Key);
        }

        if (pool is { All.Length: 0 })
        {
            DiscoveryLog.NoBackend(logger, change.Pool);
        }
    }
}
