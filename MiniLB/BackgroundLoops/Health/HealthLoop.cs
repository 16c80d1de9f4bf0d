using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.BackgroundLoops.Health;

/// <summary>Probes every backend again and again and tells <see cref="World"/> which are up.</summary>
/// <remarks>One beat starts every probe that is due; probes run beside one another, never two of one backend.</remarks>
internal sealed class HealthLoop : IDisposable
{
    private static readonly TimeSpan ShortestBeat = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestBeat = TimeSpan.FromMilliseconds(250);

    private readonly World _world;
    private readonly TimeProvider _time;
    private readonly ILogger<HealthLoop> _logger;

    // The beat's: those of the configuration that it has seen last.
    private BalancerOptions? _options;
    private ProbeTarget[] _targets = [];

    public HealthLoop(World world, TimeProvider time, ILogger<HealthLoop> logger)
    {
        (_world, _time, _logger) = (world, time, logger);
        FollowConfiguration();
    }

    /// <summary>Probes all backends once; returns when those have answered whose first result decides.</summary>
    public async Task FirstSweepAsync(CancellationToken cancellationToken)
    {
        FollowConfiguration(); // names may have been looked up since it was made
        var probes = Beat(cancellationToken);
        foreach (var (_, probe) in probes.Where(p => p.Target.Options.Initial == InitialHealth.Probe))
        {
            await probe;
        }

        foreach (var pool in _world.Current.Pools.Where(p => p is { Available.Length: 0, All.Length: > 0 }))
        {
            HealthLog.NoneUp(_logger, pool.Options.Name);
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var beats = new Beats(BeatLength(), _time, cancellationToken);
        while (await beats.NextAsync())
        {
            if (FollowConfiguration())
            {
                beats.Period = BeatLength();
            }

            Beat(cancellationToken);
        }
    }

    public void Dispose()
    {
        foreach (var target in _targets)
        {
            target.Checker.Dispose();
        }
    }

    /// <summary>Starts the probes that are due.</summary>
    internal IReadOnlyList<(ProbeTarget Target, Task Task)> Beat(CancellationToken cancellationToken)
    {
        var now = _time.GetElapsedTime(0);
        List<(ProbeTarget, Task)>? started = null;
        foreach (var target in _targets)
        {
            if (!target.IsProbing && (target.Due <= now || IsToReturn(target, now)))
            {
                target.IsProbing = true;
                (started ??= []).Add((target, ProbeAsync(target, now, cancellationToken)));
            }
        }

        return started ?? (IReadOnlyList<(ProbeTarget, Task)>)[];
    }

    /// <summary>Probes what the configuration at hand wants probed; what is known of those that stay goes on.</summary>
    /// <returns>False where it is the same as before.</returns>
    internal bool FollowConfiguration()
    {
        var world = _world.Current;
        if (ReferenceEquals(world.Options, _options))
        {
            return false;
        }

        Follow(world);
        return true;
    }

    // Apart from the question: in one method each beat would allocate what this one captures.
    private void Follow(WorldSnapshot world)
    {
        _options = world.Options;
        var before = _targets.ToDictionary(t => t.Backend);
        _targets =
        [
            .. from pool in world.Pools
               where pool.Options.HealthCheck.Enabled
               from backend in pool.All
               select TargetOf(pool.Options, backend, before.GetValueOrDefault(backend)),
        ];
        foreach (var target in before.Values.Except(_targets))
        {
            target.IsRetired = true;
            if (!target.IsProbing)
            {
                target.Checker.Dispose();
            }
        }
    }

    private ProbeTarget TargetOf(PoolOptions pool, Backend backend, ProbeTarget? before)
    {
        if (before?.IsOf(pool) == true)
        {
            return before;
        }

        var checker = HealthChecker.Create(pool, backend.Address, _time);
        return before is null
            ? new ProbeTarget(pool, backend, checker)
            : new ProbeTarget(pool, backend, checker, before);
    }

    private Ejection? EjectionOf(ProbeTarget target) => _world.PoolOf(target.Backend)?[target.Backend].Ejection;

    // A backend that live traffic has ejected is in transition, whatever the probes said so far.
    private bool IsToReturn(ProbeTarget target, TimeSpan now) =>
        EjectionOf(target) is { } ejection
        && EjectionRules.MayReturn(ejection, now) && now - target.ProbedAt >= target.Options.FastInterval;

    private async Task ProbeAsync(ProbeTarget target, TimeSpan started, CancellationToken cancellationToken)
    {
        // What it finds says nothing about an ejection that comes while it is under way.
        var ejection = EjectionOf(target);
        try
        {
            var result = await target.Checker.ProbeAsync(cancellationToken);
            Apply(target, OnTime(target, result, started), ejection);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            // A checker returns its failures; whatever else is thrown must not end the probing.
            HealthLog.ProbeBroke(_logger, target.Backend.Url, e);
            Apply(target, new ProbeResult(false, e.Message), ejection);
        }

        if (target.IsRetired)
        {
            target.Checker.Dispose();
            return;
        }

        target.ProbedAt = started;
        target.Due = started + target.Wait(Random.Shared.NextDouble());
        target.IsProbing = false;
    }

    private ProbeResult OnTime(ProbeTarget target, ProbeResult result, TimeSpan started) =>
        !result.Passed && HealthRules.IsLate(_time.GetElapsedTime(0) - started, target.Options.Timeout)
            ? new ProbeResult(false, "the process stood still during the probe", SaysNothing: true)
            : result;

    private void Apply(ProbeTarget target, ProbeResult result, Ejection? ejection)
    {
        if (target.IsRetired)
        {
            return;
        }

        if (result.SaysNothing)
        {
            SayOnce(target, result);
            return;
        }

        target.IsUnknown = false;
        HealthLog.Probed(_logger, target.Backend.Url, result.Reason);
        var isFirst = !target.WasProbed && target.Options.Initial == InitialHealth.Probe;
        var flipped = target.Record(result.Passed);
        // While live traffic keeps it out, a probe that passes is not why it stands where it stands.
        if (!result.Passed || (ejection is null
            ? _world.PoolOf(target.Backend)?[target.Backend].IsCircuitOpen != true
            : EjectionRules.MayReturn(ejection, _time.GetElapsedTime(0))))
        {
            target.Backend.Counters.Health.Reason = result.Reason;
        }

        _world.SetUp(target.Backend, target.IsUp);
        if (result.Passed && ejection is not null
            && EjectionRules.MayReturn(ejection, _time.GetElapsedTime(0)) && _world.Readmit(target.Backend, ejection))
        {
            HealthLog.Readmitted(_logger, target.Backend.Url);
        }

        if (!flipped && !isFirst)
        {
            return;
        }

        if (target.IsUp)
        {
            HealthLog.Up(_logger, target.Backend.Url, result.Reason);
            return;
        }

        HealthLog.Down(_logger, target.Backend.Url, result.Reason);
        if (flipped // the first sweep says it once for all of them
            && _world.PoolOf(target.Backend) is { Available.Length: 0 } pool)
        {
            HealthLog.NoneUp(_logger, pool.Options.Name);
        }
    }

    private void SayOnce(ProbeTarget target, ProbeResult result)
    {
        if (!target.IsUnknown)
        {
            target.IsUnknown = true;
            HealthLog.SaysNothing(_logger, target.Backend.Url, result.Reason);
        }
    }

    // Fine enough for the shortest interval, coarse enough to cost nothing.
    private TimeSpan BeatLength()
    {
        var shortest = LongestBeat * 4;
        foreach (var target in _targets)
        {
            var options = target.Options;
            shortest = new[] { shortest, options.Interval, options.DownInterval, options.FastInterval }.Min();
        }

        return TimeSpan.FromTicks(Math.Clamp(shortest.Ticks / 4, ShortestBeat.Ticks, LongestBeat.Ticks));
    }
}
