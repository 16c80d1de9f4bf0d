using MiniLB.Load.Profiles;

namespace MiniLB.Load.Engine;

/// <summary>Starts requests by a profile: at their time, whatever became of earlier ones, or so many at a time.</summary>
/// <remarks>One thread does nothing but start requests. Those of an open stage count from the moment at which they were
/// to start, so that a server that stalls is charged with all who would have come meanwhile.</remarks>
internal sealed class BuiltInEngine(LoadClock clock) : ILoadEngine
{
    public string Name => "built-in";

    public async Task RunAsync(LoadRun run, CancellationToken stop)
    {
        var (open, closed) = (new OpenLoad(run, clock), new ClosedLoad(run, clock));
        await Task.Factory.StartNew(
            () => Follow(run, open, closed, stop), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(open.EndAsync(), closed.EndAsync());
    }

    private void Follow(LoadRun run, OpenLoad open, ClosedLoad closed, CancellationToken stop)
    {
        var profile = run.Profile;
        var from = clock.Now;
        if (profile.WarmUp > TimeSpan.Zero)
        {
            var first = profile.Stages[0];
            var amount = Math.Max(first.From, Math.Min(first.To, 1));
            from = Follow(new LoadStage(first.Shape, amount, amount, profile.WarmUp), from);
        }

        run.Recorder.BeginCounting();
        from = clock.Now;
        foreach (var stage in profile.Stages)
        {
            from = Follow(stage, from);
        }

        TimeSpan Follow(LoadStage stage, TimeSpan begin)
        {
            if (stage.Shape == LoadShape.Open)
            {
                open.Follow(stage, begin, stop);
            }
            else if (stage.Shape == LoadShape.Closed)
            {
                closed.Follow(stage, begin, stop);
            }

            clock.WaitUntil(begin + stage.Time, stop);
            return begin + stage.Time;
        }
    }
}
