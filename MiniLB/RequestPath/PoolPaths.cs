using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Retry;
using MiniLB.State;

namespace MiniLB.RequestPath;

/// <summary>Makes the ways of requests into the pools, and looks after what they keep.</summary>
/// <remarks>A reload makes new ones, which go on with what the old ones have: connections, queue, budget, turns.
/// </remarks>
internal sealed class PoolPaths(TimeProvider time, ILogger<RetryLoop> logger) : IDisposable
{
    // The pool of a forwarder was removed, or speaks another protocol now: a request that holds an old snapshot has had
    // time to be sent. What is in flight after that is finished all the same.
    private static readonly TimeSpan LongestUnused = TimeSpan.FromSeconds(10);

    // Made under the world's lock, swept by a loop.
    private readonly Lock _changing = new();
    private readonly List<Kept> _kept = [];

    public PoolPath Make(World world, PoolSnapshot pool, PoolPath? before)
    {
        var options = pool.Options;
        var old = before as RetryLoop;
        var shared = old?.Shared ?? new PoolTraffic(world, pool, time);
        shared.Apply(pool);
        var strategy = old is not null && IsSame(old.Options, options)
            ? old.Strategy
            : Strategies.Create(options, time);
        return new RetryLoop(
            pool, strategy, ForwarderOf(pool, old), new TrafficWatch(world, options, logger), shared);
    }

    /// <summary>Closes what is kept too long, or for backends and pools that are gone.</summary>
    /// <param name="world">The pools that there are.</param>
    /// <param name="now">Milliseconds.</param>
    public void Sweep(WorldSnapshot world, long now)
    {
        lock (_changing)
        {
            foreach (var kept in _kept)
            {
                kept.Forwarder.Sweep(now);
            }

            foreach (var kept in _kept)
            {
                kept.UsedAt = IsUsed(kept.Forwarder, world) ? now : kept.UsedAt;
            }

            foreach (var gone in _kept.FindAll(k => now - k.UsedAt > LongestUnused.TotalMilliseconds))
            {
                _kept.Remove(gone);
                gone.Forwarder.Dispose();
            }
        }
    }

    public void Dispose()
    {
        foreach (var kept in _kept)
        {
            kept.Forwarder.Dispose();
        }
    }

    private Forwarder ForwarderOf(PoolSnapshot pool, RetryLoop? old)
    {
        var options = pool.Options;
        if (old is not null && old.Options.Http == options.Http)
        {
            old.Forwarder.Apply(options);
            return old.Forwarder;
        }

        Forwarder made = options.Http switch
        {
            BackendProtocol.Http2 => new Http2Forwarder(options, time),
            BackendProtocol.Auto => new AutoForwarder(options, time),
            _ => new Http1Forwarder(options, time),
        };
        lock (_changing)
        {
            _kept.Add(new Kept(made, Environment.TickCount64));
        }

        return made;
    }

    private static bool IsUsed(Forwarder forwarder, WorldSnapshot world) =>
        Array.Exists(world.Pools, p => (p.Path as RetryLoop)?.Forwarder == forwarder);

    private static bool IsSame(PoolOptions a, PoolOptions b) => a.Strategy == b.Strategy && a.Hash == b.Hash;

    /// <summary>A forwarder, and when its pool was last seen.</summary>
    private sealed class Kept(Forwarder forwarder, long made)
    {
        public Forwarder Forwarder => forwarder;

        /// <summary>Milliseconds.</summary>
        public long UsedAt { get; set; } = made;
    }
}
