namespace MiniLB.Tests;

/// <summary>A clock that stands still until a test moves it. Timers fire in order, on its thread.</summary>
/// <remarks>Its timestamps run at an odd frequency, so that nobody can take them for ticks or milliseconds.</remarks>
internal sealed class FakeTimeProvider : TimeProvider
{
    private readonly Lock _moving = new();
    private readonly List<FakeTimer> _timers = [];
    private TimeSpan _elapsed;
    private TimeSpan _wallClockStep;

    public override long TimestampFrequency => 10_000_019;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_moving)
        {
            return DateTimeOffset.UnixEpoch.AddYears(56) + _elapsed + _wallClockStep;
        }
    }

    public override long GetTimestamp()
    {
        lock (_moving)
        {
            return (long)((Int128)_elapsed.Ticks * TimestampFrequency / TimeSpan.TicksPerSecond);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        var end = _elapsed + time;
        while (TakeDue(end) is { } callback)
        {
            callback();
        }

        lock (_moving)
        {
            _elapsed = end;
        }
    }

    /// <summary>As when the process stood still: time passes, and timers are served at the next <see
    /// cref="Advance"/>.</summary>
    public void Skip(TimeSpan time)
    {
        lock (_moving)
        {
            _elapsed += time;
        }
    }

    /// <summary>As when an operator or NTP corrects the date: no time passes.</summary>
    public void StepWallClock(TimeSpan by)
    {
        lock (_moving)
        {
            _wallClockStep += by;
        }
    }

    private Action? TakeDue(TimeSpan end)
    {
        lock (_moving)
        {
            var next = _timers.Where(t => t.Due <= end).MinBy(t => t.Due);
            if (next is null)
            {
                return null;
            }

            _elapsed = next.Due > _elapsed ? next.Due : _elapsed;
            if (next.Period > TimeSpan.Zero)
            {
                next.Due += next.Period;
            }
            else
            {
                _timers.Remove(next);
            }

            return next.Callback;
        }
    }

    private sealed class FakeTimer(FakeTimeProvider clock, Action callback) : ITimer
    {
        public Action Callback { get; } = callback;

        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._moving)
            {
                clock._timers.Remove(this);
                Period = period;
                if (dueTime >= TimeSpan.Zero)
                {
                    Due = clock._elapsed + dueTime;
                    clock._timers.Add(this);
                }

                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
