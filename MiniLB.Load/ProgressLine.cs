using System.Globalization;
using MiniLB.Load.Engine;
using MiniLB.Load.Profiles;

namespace MiniLB.Load;

/// <summary>Ends an interval each second, in long runs each few seconds, and says how the run goes: in place on a
/// terminal, else a line now and then.</summary>
internal sealed class ProgressLine : IDisposable
{
    // So many lines where they stay.
    private const int MostLines = 30;

    // As many as a plot can show: a run of a month must not fill the memory, nor its report the disk.
    private const int MostIntervals = 600;

    private readonly Recorder _recorder;
    private readonly LoadProfile _profile;
    private readonly Timer _timer;
    private readonly int _between;
    private long _failed;
    private int _intervals;

    public ProgressLine(Recorder recorder, LoadProfile profile)
    {
        (_recorder, _profile) = (recorder, profile);
        var period = TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(profile.Time.TotalSeconds / MostIntervals)));
        _between = Math.Max(1, (int)(profile.Time / period / MostLines));
        _timer = new Timer(_ => Beat(), null, period, period);
    }

    public void Dispose()
    {
        using var ended = new ManualResetEvent(false);
        if (_timer.Dispose(ended))
        {
            ended.WaitOne();
        }

        if (!Console.IsOutputRedirected)
        {
            Console.WriteLine();
        }
    }

    private void Beat()
    {
        if (_recorder.EndInterval() is not { } interval)
        {
            return;
        }

        _failed += interval.Failed;
        var line = string.Create(CultureInfo.InvariantCulture,
            $"{interval.Second + interval.Seconds,6:0} of {_profile.Time.TotalSeconds:0} s"
            + $"{interval.Requests / interval.Seconds,9:0}/s{interval.LatencyMs.P50,10:0.0} ms p50"
            + $"{interval.LatencyMs.P99,10:0.0} ms p99{interval.InFlight,7} in flight{_failed,7} failed");
        if (!Console.IsOutputRedirected)
        {
            Console.Write("\r" + line);
        }
        else if (_intervals++ % _between == 0)
        {
            Console.WriteLine(line);
        }
    }
}
