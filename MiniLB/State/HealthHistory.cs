namespace MiniLB.State;

/// <summary>Remembers how the health of backends has changed, by looking at the world after each change.</summary>
internal sealed class HealthHistory
{
    public const int MostFlips = 100;

    private readonly Lock _looking = new();
    private readonly World _world;
    private readonly TimeProvider _time;
    private readonly Recent<HealthFlip> _flips = new(MostFlips);

    public HealthHistory(World world, TimeProvider time)
    {
        (_world, _time) = (world, time);
        world.Changed += Look;
        Look();
    }

    /// <summary>The newest first.</summary>
    public List<HealthFlip> Flips => _flips.Newest();

    private void Look()
    {
        lock (_looking)
        {
            // Read under the lock: of two that look at once, the later one has the later world.
            foreach (var pool in _world.Current.Pools)
            {
                foreach (var backend in pool.All)
                {
                    Look(pool, backend);
                }
            }
        }
    }

    private void Look(PoolSnapshot pool, Backend backend)
    {
        var (note, status) = (backend.Counters.Health, pool[backend]);
        var state = BackendStates.Of(status);
        if (note.State is not null && note.IsAlive != status.IsAlive)
        {
            note.Flips++;
            _flips.Add(new HealthFlip(_time.GetUtcNow(), pool.Options.Name, backend.Url, status.IsAlive, note.Reason));
        }

        if (note.State != state)
        {
            (note.State, note.Since) = (state, _time.GetUtcNow());
        }

        note.IsAlive = status.IsAlive;
    }
}

/// <summary>A backend that has become alive, or has ceased to be.</summary>
internal sealed record HealthFlip(DateTimeOffset Time, string Pool, string Url, bool Up, string? Reason);
