using MiniLB.Config.Options;

namespace MiniLB.State;

/// <summary>The one writer of what requests see: whoever learns something about a backend tells it here.</summary>
/// <remarks>Changes are made under a lock; readers take <see cref="Current"/> without one.</remarks>
internal sealed class World
{
    private readonly Lock _changing = new();
    private volatile WorldSnapshot _current;

    /// <summary>Starts with every backend down, but for pools whose backends are up until proved otherwise.</summary>
    public World(BalancerOptions options)
    {
        _current = new WorldSnapshot(options, [.. options.Pools.Select(Initial)]);
    }

    public WorldSnapshot Current => _current;

    /// <summary>Takes a backend into the rotation or out of it.</summary>
    /// <returns>False where that changed nothing.</returns>
    public bool SetUp(Backend backend, bool up)
    {
        lock (_changing)
        {
            var world = _current;
            var i = Array.FindIndex(world.Pools, p => Array.IndexOf(p.All, backend) >= 0);
            var pool = world.Pools[i];
            if (pool.IsUp(backend) == up)
            {
                return false;
            }

            Backend[] available = [.. pool.All.Where(b => b == backend ? up : pool.IsUp(b))];
            PoolSnapshot[] pools = [.. world.Pools];
            pools[i] = pool with { Available = available };
            _current = new WorldSnapshot(world.Options, pools);
            return true;
        }
    }

    private static PoolSnapshot Initial(PoolOptions options)
    {
        Backend[] all = [.. options.Backends.Select((b, i) => new Backend(b, i))];
        var up = !options.HealthCheck.Enabled || options.HealthCheck.Initial == InitialHealth.Up;
        return new PoolSnapshot(options, all, up ? all : []);
    }
}
