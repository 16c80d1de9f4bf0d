using System.Diagnostics;

namespace MiniLB.Load.Engine;

/// <summary>The time of a run, counted from its beginning, and the waiting for a moment of it.</summary>
internal abstract class LoadClock
{
    public abstract TimeSpan Now { get; }

    /// <summary>Returns at that moment, or sooner where the run is stopped. It blocks: the thread that starts requests
    /// does nothing else, and a timer of the runtime would be up to 2 ms late.</summary>
    public abstract void WaitUntil(TimeSpan moment, CancellationToken stop);
}

/// <summary>The machine's own time.</summary>
internal sealed class MachineClock : LoadClock
{
    // A sleep of the runtime is in whole milliseconds and a little late; the rest is slept by the system.
    private static readonly TimeSpan Coarse = TimeSpan.FromMilliseconds(3);

    // So often is looked whether the run was stopped.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

    private readonly long _start = Stopwatch.GetTimestamp();

    public override TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    public override void WaitUntil(TimeSpan moment, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var left = moment - Now;
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            if (left > Coarse)
            {
                Thread.Sleep((left < Longest ? left : Longest) - TimeSpan.FromMilliseconds(2));
            }
            else
            {
                NativeMethods.Sleep(left);
            }
        }
    }
}
