using MiniLB.Load.Profiles;

namespace MiniLB.Load.Engine;

/// <summary>Requests that start at their time, however long earlier ones take.</summary>
internal sealed class OpenLoad(LoadRun run, LoadClock clock)
{
    /// <summary>More at a time are not started, but counted as failed: the machine that makes the load would tell of
    /// itself, not of the server.</summary>
    public const int MostInFlight = 10_000;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One for the load itself, until it has ended.
    private int _inFlight = 1;

    /// <summary>Starts the requests of a stage, each at its time. It blocks.</summary>
    public void Follow(LoadStage stage, TimeSpan begin, CancellationToken stop)
    {
        var count = Arrivals.Count(stage);
        for (var number = 0L; number < count; number++)
        {
            var at = begin + Arrivals.At(stage, number);
            clock.WaitUntil(at, stop);
            if (stop.IsCancellationRequested)
            {
                return;
            }

            _ = RequestAsync(at);
        }
    }

    /// <summary>Ends when every request has.</summary>
    public Task EndAsync()
    {
        Leave();
        return _ended.Task;
    }

    private async Task RequestAsync(TimeSpan at)
    {
        run.Recorder.Start();
        if (Interlocked.Increment(ref _inFlight) > MostInFlight + 1)
        {
            run.Recorder.End(Outcome.Failed(FailureNames.GeneratorFull), at);
        }
        else
        {
            run.Recorder.End(await run.RequestAsync(), at);
        }

        Leave();
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _inFlight) == 0)
        {
            _ended.SetResult();
        }
    }
}
