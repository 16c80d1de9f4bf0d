using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>Looks up the sources of all pools again and again and tells <see cref="World"/> what they have.</summary>
/// <remarks>One beat starts every look-up that is due; they run beside one another, never two of one source. What has
/// been found stays where a look-up fails.</remarks>
internal sealed class DiscoveryLoop(World world, SourceLookup lookup, TimeProvider time, ILogger<DiscoveryLoop> logger)
{
    /// <summary>How long the start, and a reload that brings a source, wait for first answers: two silent servers are
    /// passed over in that time (2 s each), and no supervisor has given up.</summary>
    public static readonly TimeSpan FirstLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    // All servers, all attempts, some search domains: what takes longer is looked up anew.
    private static readonly TimeSpan LookupLimit = TimeSpan.FromSeconds(30);

    // Taken by the beat, the start and reloads.
    private readonly Lock _changing = new();
    private readonly Dictionary<string, DiscoveryTarget> _targets = [];

    // Those of a configuration that is about to come into effect; null where none is.
    private BalancerOptions? _coming;

    // The configuration whose sources are the targets.
    private BalancerOptions? _seen;

    private readonly DiscoveryNews _news = new(logger);

    /// <summary>Looks all sources up once, and waits for the answers, for a time.</summary>
    public async Task FirstAsync(CancellationToken cancellationToken)
    {
        await FirstAnswersAsync(world.Current.Options, cancellationToken);
        foreach (var pool in world.Current.Pools.Where(p => p.All.Length == 0))
        {
            DiscoveryLog.NoBackend(logger, pool.Options.Name);
        }
    }

    /// <summary>Has another configuration obeyed once its new sources have answered, or their time is over: a pool
    /// whose backends are found from now on must not be without any until then.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="apply">Puts it into effect.</param>
    /// <param name="cancellationToken">Ends the look-ups.</param>
    public async Task<string?> ReloadAsync(
        BalancerOptions options, Func<BalancerOptions, Task<string?>> apply, CancellationToken cancellationToken)
    {
        lock (_changing)
        {
            _coming = options;
        }

        try
        {
            await FirstAnswersAsync(options, cancellationToken);
            return await apply(options);
        }
        finally
        {
            lock (_changing)
            {
                (_coming, _seen) = (null, null);
            }
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var beats = new Beats(Period, time, cancellationToken);
        while (await beats.NextAsync())
        {
            BeatSafely(cancellationToken);
        }

        // None of them is to find gone what it uses.
        await Task.WhenAll(LookupsUnderWay());
    }

    /// <summary>Starts the look-ups that are due.</summary>
    internal void Beat(CancellationToken cancellationToken)
    {
        lock (_changing)
        {
            FollowConfiguration();
            var now = time.GetElapsedTime(0);
            foreach (var target in _targets.Values)
            {
                if (target.Lookup.IsCompleted && target.Due <= now)
                {
                    target.Lookup = LookUpAsync(target, cancellationToken);
                }
            }
        }
    }

    private Task[] LookupsUnderWay()
    {
        lock (_changing)
        {
            return [.. _targets.Values.Select(t => t.Lookup)];
        }
    }

    private void BeatSafely(CancellationToken cancellationToken)
    {
        try
        {
            Beat(cancellationToken);
        }
        catch (Exception e)
        {
            DiscoveryLog.Broke(logger, "sources", e); // the next beat must still come
        }
    }

    private async Task FirstAnswersAsync(BalancerOptions options, CancellationToken cancellationToken)
    {
        // What is known of others is left from a reload that was refused, and may be old.
        var current = SourcesOf(world.Current.Options);
        BackendSource[] unknown =
            [.. SourcesOf(options).Values.Where(s => !world.Knows(s) || !current.ContainsKey(s.Key))];
        if (unknown.Length == 0)
        {
            return;
        }

        Task[] lookups;
        lock (_changing)
        {
            FollowConfiguration();
            // One that an earlier configuration had, until a moment ago, is not due yet; what it found is forgotten.
            foreach (var source in unknown.Where(s => !current.ContainsKey(s.Key)))
            {
                _targets[source.Key].Due = TimeSpan.Zero;
            }

            Beat(cancellationToken);
            lookups = [.. unknown.Select(s => _targets[s.Key].Lookup)];
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var limit = Task.Delay(FirstLimit, time, ended.Token);
        await Task.WhenAny(Task.WhenAll(lookups), limit);
        await ended.CancelAsync();
        foreach (var (source, running) in unknown.Zip(lookups))
        {
            if (!running.IsCompleted && !cancellationToken.IsCancellationRequested)
            {
                DiscoveryLog.Slow(logger, source.Key, FirstLimit.TotalSeconds);
            }
        }
    }

    private static Dictionary<string, BackendSource> SourcesOf(BalancerOptions options)
    {
        var sources = new Dictionary<string, BackendSource>();
        foreach (var source in options.Pools.SelectMany(p => p.Sources))
        {
            sources.TryAdd(source.Key, source);
        }

        return sources;
    }

    private void FollowConfiguration()
    {
        var options = world.Current.Options;
        if (!ReferenceEquals(options, _seen) || _coming is not null)
        {
            Follow(options);
        }
    }

    // What is known of those that stay goes on. Apart, so that its closures are made only where something has changed.
    private void Follow(BalancerOptions options)
    {
        _seen = options;
        var wanted = options.Pools.Concat(_coming?.Pools ?? []).SelectMany(p => p.Sources)
            .GroupBy(s => s.Key).ToDictionary(g => g.Key, g => g.MinBy(s => s.Refresh)!);
        foreach (var gone in _targets.Values.Where(t => !wanted.ContainsKey(t.Source.Key)).ToArray())
        {
            gone.IsRetired = true;
            _targets.Remove(gone.Source.Key);
        }

        foreach (var source in wanted.Values)
        {
            if (_targets.TryGetValue(source.Key, out var target))
            {
                target.Follow(source, time.GetElapsedTime(0));
            }
            else
            {
                _targets[source.Key] = new DiscoveryTarget(source);
            }
        }

        world.Statistics.Sources.Keep(wanted.Keys.ToHashSet());
    }

    private async Task LookUpAsync(DiscoveryTarget target, CancellationToken cancellationToken)
    {
        var source = target.Source;
        using var limit = new CancellationTokenSource(LookupLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        SourceFinding finding;
        try
        {
            finding = await lookup.OfAsync(source, target.Kept, either.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (OperationCanceledException)
        {
            finding = new SourceFinding(null, $"no answer within {LookupLimit.TotalSeconds:0} s", target.Kept);
        }
        catch (Exception e)
        {
            // A look-up returns its failures; whatever else is thrown must not end the discovery.
            DiscoveryLog.Broke(logger, source.Key, e);
            finding = new SourceFinding(null, e.Message, target.Kept);
        }

        // An answer comes on a thread that serves sockets, and what follows from it may be much work.
        await Task.Yield();
        lock (_changing)
        {
            target.Kept = finding.Kept;
            target.Due = time.GetElapsedTime(0) + target.Wait(Random.Shared.NextDouble());
            if (!target.IsRetired)
            {
                ApplySafely(source, finding);
            }
        }
    }

    private void ApplySafely(BackendSource source, SourceFinding finding)
    {
        try
        {
            Apply(source, finding);
        }
        catch (Exception e)
        {
            // The next look-up must still come.
            DiscoveryLog.Broke(logger, source.Key, e);
        }
    }

    private void Apply(BackendSource source, SourceFinding finding)
    {
        var record = world.Statistics.Sources.Of(source);
        var count = finding.Backends?.Count;
        if (finding.Problem is { } problem)
        {
            if (record.Fail(problem, count))
            {
                DiscoveryLog.Failed(logger, source.Key, problem);
            }
        }
        else
        {
            var hadFailed = record.Problem is not null;
            record.Succeed(count ?? 0, world.Statistics.Now);
            if (hadFailed)
            {
                DiscoveryLog.Recovered(logger, source.Key, count ?? 0);
            }
        }

        if (finding.Backends is { } backends)
        {
            _news.Tell(source, world.Discover(source, backends), world.Current);
        }
    }
}
