using MiniLB.Config.Options;
using MiniLB.State;
using MiniLB.Transport.Epoll;

namespace MiniLB.BackgroundLoops.Supervision;

/// <summary>Keeps the service manager informed: that the process serves, how its backends are, that it stops, and that
/// it lives. Does nothing where there is none.</summary>
internal sealed class SupervisionLoop(
    ServiceNotifier notifier, World world, TimeProvider time, ILogger<SupervisionLoop> logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // For what comes after the grace time: farewells, the access log, the end of the process.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    // Where the drain has no limit of its own.
    private static readonly TimeSpan AtATime = TimeSpan.FromSeconds(30);

    // The manager does not hear a process that is not the main one yet.
    private const int BeatsUntilSaidAgain = 30;

    // Written by the stop, read by the beat.
    private volatile bool _isStopping;

    private int _beats;
    private string? _saidProblem;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!notifier.IsHeard)
        {
            return;
        }

        var watchdog = WatchAsync(cancellationToken);
        using var beats = new Beats(Period, time, cancellationToken);
        while (await beats.NextAsync())
        {
            Beat();
        }

        await watchdog;
    }

    /// <summary>Clients are served.</summary>
    public void BeginServing() => notifier.Ready(StatusRules.Text(world, _isStopping));

    /// <summary>The stop begins.</summary>
    public void BeginStop()
    {
        _isStopping = true;
        var shutdown = world.Current.Options.Shutdown;
        notifier.Stopping(
            "stopping",
            shutdown.Grace == TimeSpan.Zero
                ? shutdown.Delay + shutdown.HandOver + AtATime
                : shutdown.Delay + shutdown.HandOver + Graces(shutdown) + LastWords);
    }

    // Before a hand-over those have theirs that were there, after it the rest.
    private static TimeSpan Graces(ShutdownOptions shutdown) =>
        shutdown.HandOver > TimeSpan.Zero ? shutdown.Grace * 2 : shutdown.Grace;

    internal void Beat()
    {
        notifier.Retry();
        notifier.Tell(StatusRules.Text(world, _isStopping), again: ++_beats % BeatsUntilSaidAgain == 0);
        if (_isStopping && world.Current.Options.Shutdown.Grace == TimeSpan.Zero
            && !world.Statistics.Connections.IsEmpty)
        {
            notifier.NeedTime(AtATime);
        }

        if (notifier.Problem is { } problem && problem != _saidProblem)
        {
            SupervisionLog.NotHeard(logger, problem);
            _saidProblem = problem;
        }
    }

    private Task WatchAsync(CancellationToken cancellationToken)
    {
        if (notifier.WatchdogLimit is not { } limit)
        {
            return Task.CompletedTask;
        }

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            var threads = EventThreadSign.OfAllThreads();
            var loops = EventLoops.OfProcess?.All.Select(l => new EventLoopSign(l)) ?? [];
            LifeSign[] signs = [.. loops, .. threads, new ThreadPoolSign(), new WorldSign(world)];
            new Watchdog(notifier, limit, signs, time, logger).Run(cancellationToken);
            threads.ForEach(t => t.Dispose());
            ended.SetResult();
        })
        {
            IsBackground = true,
            Name = "watchdog",
        }.Start();
        return ended.Task;
    }
}
