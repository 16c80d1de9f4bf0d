namespace MiniLB.BackgroundLoops;

/// <summary>When a loop is to do its work again, until the process ends.</summary>
/// <remarks>That end is no exception here. .NET's timer would make one for each loop, with its stack trace as text, and
/// the first such text of a process takes more than 1 MB at once, which a heap of 17 MB may not have.</remarks>
internal sealed class Beats : IDisposable
{
    private readonly PeriodicTimer _timer;
    private readonly CancellationTokenRegistration _end;

    public Beats(TimeSpan period, TimeProvider time, CancellationToken end)
    {
        _timer = new PeriodicTimer(period, time);
        _end = end.UnsafeRegister(static timer => ((PeriodicTimer)timer!).Dispose(), _timer);
    }

    public TimeSpan Period
    {
        set
        {
            try
            {
                _timer.Period = value;
            }
            catch (ObjectDisposedException)
            {
                // The end has come at this moment.
            }
        }
    }

    /// <returns>False at the end.</returns>
    public ValueTask<bool> NextAsync() => _timer.WaitForNextTickAsync(CancellationToken.None);

    public void Dispose()
    {
        _end.Dispose();
        _timer.Dispose();
    }
}
