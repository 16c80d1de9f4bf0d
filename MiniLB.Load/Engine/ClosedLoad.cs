using MiniLB.Load.Profiles;

namespace MiniLB.Load.Engine;

/// <summary>A number of requests in flight: each next one starts when the last has ended.</summary>
/// <remarks>A slow server is asked less often, so the latencies say how it answered, not how a queue in front of it
/// would have grown.</remarks>
internal sealed class ClosedLoad(LoadRun run, LoadClock clock)
{
    // A server that refuses is not asked again as fast as it refuses.
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(50);

    // How finely a number that changes is followed.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly List<Task> _workers = [];

    // Written by the thread that follows the profile, read by the workers: those with a number from here on end.
    private volatile int _wanted;

    /// <summary>Keeps the stage's number of requests in flight until it is over. It blocks.</summary>
    public void Follow(LoadStage stage, TimeSpan begin, CancellationToken stop)
    {
        var end = begin + stage.Time;
        for (var now = clock.Now; now < end && !stop.IsCancellationRequested; now = clock.Now)
        {
            Keep((int)Math.Round(stage.At(now - begin)));
            clock.WaitUntil(stage.From == stage.To || now + Step > end ? end : now + Step, stop);
        }

        Keep(0);
    }

    public Task EndAsync() => Task.WhenAll(_workers);

    private void Keep(int wanted)
    {
        _wanted = wanted;
        for (var number = 0; number < wanted; number++)
        {
            if (number == _workers.Count)
            {
                _workers.Add(WorkAsync(number));
            }
            else if (_workers[number].IsCompleted)
            {
                _workers[number] = WorkAsync(number);
            }
        }
    }

    private async Task WorkAsync(int number)
    {
        await Task.Yield();
        while (number < _wanted)
        {
            var from = clock.Now;
            run.Recorder.Start();
            var outcome = await run.RequestAsync();
            run.Recorder.End(outcome, from);
            if (outcome.Failure is not null)
            {
                await Task.Delay(AfterFailure);
            }
        }
    }
}
