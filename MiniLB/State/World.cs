using MiniLB.Config.Options;

namespace MiniLB.State;

/// <summary>The one writer of what requests see: whoever learns something about a backend tells it here.</summary>
/// <remarks>Changes are made under a lock; readers take <see cref="Current"/> without one.</remarks>
internal sealed class World
{
    private readonly Lock _changing = new();
    private readonly TimeProvider _time;
    private readonly PoolBuilder _builder;
    private readonly Func<BalancerOptions, object?> _routes;
    private readonly EjectionHistory _ejections = new();
    private readonly SourceAnswers _answers = new();
    private volatile WorldSnapshot _current;

    // Written once, when clients are about to be served.
    private volatile bool _isServing;

    /// <summary>Starts with every backend down, but for pools whose backends are up until proved otherwise.</summary>
    /// <param name="options">What the operator wrote.</param>
    /// <param name="time">The clock.</param>
    /// <param name="paths">Makes the way of requests into a pool, from its first snapshot under a configuration and the
    /// way that there was before.</param>
    /// <param name="routes">Makes of the options what requests are routed by.</param>
    public World(
        BalancerOptions options,
        TimeProvider? time = null,
        Func<World, PoolSnapshot, PoolPath?, PoolPath>? paths = null,
        Func<BalancerOptions, object?>? routes = null)
    {
        _time = time ?? TimeProvider.System;
        _routes = routes ?? (static _ => null);
        _builder = new PoolBuilder(this, _time, paths);
        _current = new WorldSnapshot(options, [.. options.Pools.Select(_builder.First)], _routes(options));
        Statistics = new Statistics(this, _time);
    }

    /// <summary>Raised after a backend may have become usable, or unusable, with no lock held.</summary>
    public event Action? Changed;

    public WorldSnapshot Current => _current;

    public Statistics Statistics { get; }

    /// <summary>From now on a backend that comes into rotation starts slowly, where the pool says so.</summary>
    public void BeginServing() => _isServing = true;

    /// <returns>Null for a backend that a reload has taken away.</returns>
    public PoolSnapshot? PoolOf(Backend backend) => _current.PoolOf(backend);

    /// <summary>Obeys another configuration. All that is known of the backends that stay goes on.</summary>
    /// <returns>Null, or why that cannot be; then nothing was changed.</returns>
    public string? Reload(BalancerOptions options)
    {
        lock (_changing)
        {
            var before = _current.Pools;
            options = options with { Pools = [.. options.Pools.Select(p => _answers.Expand(p, out _))] };
            if (Array.Find(before, p => OptionsOf(options, p)?.Backends.Count is { } count
                && !p.Places.HasRoomFor(count)) is { } full)
            {
                return NoRoom(full);
            }

            PoolSnapshot[] after =
            [
                .. options.Pools.Select(o => Array.Find(before, p => p.Options.Name == o.Name) is { } pool
                    ? _builder.Next(pool, o)
                    : _builder.First(o)),
            ];
            _current = new WorldSnapshot(options, after, _routes(options));
            Array.ForEach(Array.FindAll(before, p => OptionsOf(options, p) is null), Leave);
            _ejections.ForgetThoseThatHaveLeft();
            _answers.Keep(options);
        }

        Changed?.Invoke();
        return null;
    }

    /// <summary>True where the source has told what it has, be it nothing.</summary>
    public bool Knows(BackendSource source)
    {
        lock (_changing)
        {
            return _answers.Has(source);
        }
    }

    /// <summary>Takes what a source has found; the pools that have it follow. What is known of the backends that stay
    /// goes on, as at a reload.</summary>
    /// <returns>What that changed; nothing where it was known.</returns>
    public IReadOnlyList<FoundChange> Discover(BackendSource source, IReadOnlyList<BackendOptions> found)
    {
        List<FoundChange> changes = [];
        lock (_changing)
        {
            _answers.Put(source, found);
            var options = _current.Options;
            PoolOptions[] wanted = [.. options.Pools];
            PoolSnapshot[] pools = [.. _current.Pools];
            for (var i = 0; i < pools.Length; i++)
            {
                var next = _answers.Expand(wanted[i], out var leftOut);
                if (ReferenceEquals(next, wanted[i]))
                {
                    continue;
                }

                if (!pools[i].Places.HasRoomFor(next.Backends.Count))
                {
                    changes.Add(new FoundChange(next.Name, [], []) { Problem = NoRoom(pools[i]) });
                    continue;
                }

                changes.Add(FoundChange.Between(wanted[i], next) with { LeftOut = leftOut });
                wanted[i] = next;
                pools[i] = _builder.Next(pools[i], next);
            }

            if (changes.Exists(c => c.Problem is null))
            {
                _current = new WorldSnapshot(options with { Pools = wanted }, pools, _current.Routes);
                _ejections.ForgetThoseThatHaveLeft();
            }
        }

        if (changes.Count > 0)
        {
            Changed?.Invoke();
        }

        return changes;
    }

    /// <summary>Takes back the places of backends that have left, once nothing of theirs is in flight.</summary>
    public void Tidy()
    {
        lock (_changing)
        {
            Array.ForEach(_current.Pools, p => p.Places.Tidy());
        }
    }

    /// <returns>False where whoever changes something has not come to an end within this time.</returns>
    public bool CanChange(TimeSpan within)
    {
        if (!_changing.TryEnter(within))
        {
            return false;
        }

        _changing.Exit();
        return true;
    }

    /// <summary>Takes a backend into the rotation or out of it.</summary>
    /// <returns>False where that changed nothing.</returns>
    public bool SetUp(Backend backend, bool up) => Change(backend, (_, s) =>
        // What the probes find is news of today: from here on they decide alone.
        up ? s with { IsUp = true } : Returned(backend, s) with { IsUp = false });

    /// <summary>Obeys the operator.</summary>
    /// <returns>False where that changed nothing.</returns>
    public bool SetMode(Backend backend, BackendMode mode) => Change(backend, (_, s) =>
    {
        backend.Mode = mode;
        return s with { Mode = mode };
    });

    /// <summary>Obeys the operator.</summary>
    /// <param name="weight">At least 1.</param>
    /// <param name="backend">Whose weight.</param>
    /// <returns>False where that changed nothing.</returns>
    public bool SetWeight(Backend backend, int weight) => Change(backend, (_, s) => s with { Weight = weight });

    /// <summary>Takes a backend that fails its requests out of rotation, where that is allowed.</summary>
    /// <param name="backend">Which one.</param>
    /// <param name="couldNotConnect">See <see cref="Ejection"/>.</param>
    /// <returns>How long; null where it stays.</returns>
    public TimeSpan? Eject(Backend backend, bool couldNotConnect)
    {
        TimeSpan? length = null;
        Change(backend, (pool, s) =>
        {
            if (!s.IsAvailable || !EjectionRules.MayEject(pool))
            {
                return s;
            }

            var now = Now;
            length = _ejections.Eject(backend, pool.Options.Ejection, now);
            return s with { Ejection = new Ejection(now + length.Value, couldNotConnect) };
        });
        return length;
    }

    /// <summary>Brings an ejected backend back.</summary>
    /// <param name="backend">Which one.</param>
    /// <param name="ejection">The ejection that is over.</param>
    /// <returns>False where it is not ejected, or has been ejected anew.</returns>
    public bool Readmit(Backend backend, Ejection ejection) =>
        Change(backend, (_, s) => s.Ejection == ejection ? Returned(backend, s) : s);

    /// <summary>Follows the backend's circuit, wherever it stands by now: of two that follow it at once, the later one
    /// has the later state.</summary>
    /// <returns>False where that changed nothing.</returns>
    public bool FollowCircuit(Backend backend) => Change(
        backend, (_, s) => s with { IsCircuitOpen = backend.Circuit is { State: CircuitState.Open } });

    /// <summary>A moment on the clock of the process as a date.</summary>
    public DateTimeOffset DateOf(TimeSpan moment)
    {
        var ahead = moment - Now;
        return _time.GetUtcNow() + ahead;
    }

    /// <summary>Gives a backend that starts slowly what is its by now.</summary>
    public void Advance(Backend backend) => Change(
        backend, (pool, s) => SlowStartRules.Risen(pool.Options.SlowStart, s, Now));

    private TimeSpan Now => _time.GetElapsedTime(0);

    private bool Change(Backend backend, Func<PoolSnapshot, BackendStatus, BackendStatus> change)
    {
        lock (_changing)
        {
            var i = Array.FindIndex(_current.Pools, p => p.Has(backend));
            if (i < 0)
            {
                return false; // it has left
            }

            var pool = _current.Pools[i];
            var before = pool[backend];
            var after = StartSlowly(pool, backend, before, change(pool, before));
            if (after == before)
            {
                return false;
            }

            if (after.IsAvailable && !before.IsAvailable)
            {
                // What it failed before it was away does not count against it now.
                backend.CountInARow(failed: false);
            }

            PoolSnapshot[] pools = [.. _current.Pools];
            pools[i] = pool.With(backend, after);
            pools[i].WorkOut(pool.Path);
            _current = new WorldSnapshot(_current.Options, pools, _current.Routes);
        }

        Changed?.Invoke();
        return true;
    }

    private BackendStatus Returned(Backend backend, BackendStatus status)
    {
        if (status.Ejection is not null)
        {
            _ejections.Return(backend, Now);
        }

        return status with { Ejection = null };
    }

    // Not at the start of the process, and not where nobody else could take the rest: backups leave it all to the first
    // that is none.
    private BackendStatus StartSlowly(PoolSnapshot pool, Backend backend, BackendStatus before, BackendStatus after)
    {
        if (!after.IsAvailable)
        {
            return after with { RisingSince = null, Steps = BackendStatus.FullSteps };
        }

        var startsSlowly = !before.IsAvailable && _isServing
            && pool.Options.SlowStart > TimeSpan.Zero
            && Array.Exists(pool.Available, b => b.IsBackup == backend.IsBackup);
        return startsSlowly
            ? SlowStartRules.Risen(pool.Options.SlowStart, after with { RisingSince = Now }, Now)
            : after;
    }

    private static PoolOptions? OptionsOf(BalancerOptions options, PoolSnapshot pool) =>
        options.Pools.FirstOrDefault(p => p.Name == pool.Options.Name);

    private static string NoRoom(PoolSnapshot pool) =>
        $"pool {pool.Options.Name}: too many backends that were removed are still serving requests";

    private static void Leave(PoolSnapshot pool)
    {
        Array.ForEach(pool.All, pool.Places.Remove);
        pool.Path?.Retire();
    }
}
