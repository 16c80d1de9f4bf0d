using System.Diagnostics.CodeAnalysis;

namespace MiniLB.RequestPath.Forward;

/// <summary>Ends an exchange that waits too long for something, or whose client has gone, and tells which it
/// was.</summary>
/// <remarks>One per client connection, used by one request after another. To set a limit is to write down when it ends:
/// the system's timer stays as it is where it fires no later, and then looks at what was written last.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "closed with its connection; holds no wait handle")]
internal sealed class ExchangeTimer
{
    private const long NoLimit = long.MaxValue;

    // In place of a limit that has passed, until the exchange ends or makes another attempt.
    private const long Fired = long.MinValue;

    // For the moment in which the timer takes what was guarded: the exchange must not go on to guard something else.
    private const long Firing = long.MinValue + 1;

    private readonly Lock _arming = new();
    private CancellationTokenSource _source = new();
    private IDisposable? _guarded;
    private Timer? _timer;
    private bool _isClosed;
    private long _totalEnds = NoLimit;

    // Both in milliseconds of Environment.TickCount64. Each of the two threads writes the one and then reads the other,
    // so that one of them sees that the timer is to be set.
    private long _limitEnds = NoLimit;
    private long _timerFires = NoLimit;

    // Written by the exchange, read by whoever asks after the token fired.
    private volatile TimeLimit _limit;

    // Written by the connection's close, for good.
    private volatile bool _clientGone;

    public CancellationToken Token => _source.Token;

    /// <summary>True once no exchange can follow.</summary>
    public bool IsClientGone => _clientGone;

    /// <summary>The error that the fired token stands for.</summary>
    public ForwardError Cause => _clientGone ? ForwardError.ClientGone : _limit switch
    {
        TimeLimit.Queue => ForwardError.QueueTimeout,
        TimeLimit.RequestBody => ForwardError.RequestBodyTimeout,
        TimeLimit.BackendTakesBody => ForwardError.RequestBodyNotTaken,
        TimeLimit.ResponseHead => ForwardError.ResponseHeadTimeout,
        TimeLimit.ResponseBody => ForwardError.ResponseBodyTimeout,
        TimeLimit.Tunnel => ForwardError.TunnelTimeout,
        TimeLimit.Stop => ForwardError.None,
        TimeLimit.Total => ForwardError.TotalTimeout,
        _ => ForwardError.ClientGone,
    };

    /// <summary>What allows no further attempt; None while nothing does.</summary>
    public ForwardError Final => _clientGone ? ForwardError.ClientGone
        : Environment.TickCount64 >= _totalEnds ? ForwardError.TotalTimeout
        : ForwardError.None;

    /// <summary>Begins an exchange.</summary>
    /// <param name="total">For all of it; zero means no limit.</param>
    public void Begin(TimeSpan total)
    {
        _totalEnds = total == TimeSpan.Zero ? NoLimit : Environment.TickCount64 + (long)total.TotalMilliseconds;
        Wait(TimeLimit.None, TimeSpan.Zero);
    }

    /// <summary>Starts to wait for something; what was waited for before has come.</summary>
    /// <param name="limit">What for.</param>
    /// <param name="time">How long at most; zero means no limit.</param>
    public void Wait(TimeLimit limit, TimeSpan time)
    {
        var milliseconds = time == TimeSpan.Zero ? NoLimit : (long)time.TotalMilliseconds;
        if (_totalEnds != NoLimit)
        {
            var left = Math.Max(0, _totalEnds - Environment.TickCount64);
            (limit, milliseconds) = left < milliseconds ? (TimeLimit.Total, left) : (limit, milliseconds);
        }

        _limit = limit;
        var ends = milliseconds == NoLimit ? NoLimit : Environment.TickCount64 + milliseconds;
        if (Note(ends) == Fired)
        {
            Volatile.Write(ref _limitEnds, Fired);
        }
        else if (ends < Volatile.Read(ref _timerFires))
        {
            SetTimer();
        }
    }

    /// <summary>Ends an exchange and makes the timer fit for the next one.</summary>
    public void End()
    {
        _totalEnds = NoLimit;
        if (Note(NoLimit) == Fired || _source.IsCancellationRequested)
        {
            Replace();
        }
    }

    /// <summary>No exchange follows.</summary>
    public void Close()
    {
        lock (_arming)
        {
            _isClosed = true;
            _timer?.Dispose();
        }
    }

    /// <summary>Makes the timer fit for another attempt where a limit of the last one has fired; total goes
    /// on.</summary>
    public void BeginAttempt()
    {
        if (Note(NoLimit) == Fired || (_source.IsCancellationRequested && !_clientGone))
        {
            Replace();
        }

        // The limit of the last attempt is over, fired or not; total goes on while the next one is waited for.
        Wait(TimeLimit.None, TimeSpan.Zero);
    }

    public void ClientHasGone()
    {
        _clientGone = true;
        Interlocked.MemoryBarrier(); // see Replace
        Cancel(_source, Interlocked.Exchange(ref _guarded, null));
    }

    /// <summary>Has something disposed of as soon as the exchange is to end, after whoever waits for the
    /// token.</summary>
    public void Guard(IDisposable what)
    {
        Interlocked.Exchange(ref _guarded, what);
        // Whoever ends the exchange notes that first, then takes what is guarded, and only then cancels the token.
        if (_clientGone || Volatile.Read(ref _limitEnds) is Fired or Firing || _source.IsCancellationRequested)
        {
            Interlocked.Exchange(ref _guarded, null)?.Dispose();
        }
    }

    /// <summary>Leaves alone what was guarded, from now on.</summary>
    /// <remarks>Cheaper than a registration with the token: this is done for each request.</remarks>
    /// <returns>False where it is being disposed of.</returns>
    public bool LetGo() => Interlocked.Exchange(ref _guarded, null) is not null;

    private static void Cancel(CancellationTokenSource source, IDisposable? guarded)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // End() replaced it at this moment, and cancels the new one itself.
        }
        finally
        {
            guarded?.Dispose();
        }
    }

    /// <returns>What stood there before.</returns>
    private long Note(long ends)
    {
        var spin = default(SpinWait);
        while (true)
        {
            var before = Volatile.Read(ref _limitEnds);
            if (before != Firing && Interlocked.CompareExchange(ref _limitEnds, ends, before) == before)
            {
                return before;
            }

            spin.SpinOnce();
        }
    }

    /// <summary>Ends a tunnel because the process stops, or its backend is to.</summary>
    public void EndTunnel()
    {
        _limit = TimeLimit.Stop;
        Cancel(_source, Interlocked.Exchange(ref _guarded, null));
    }

    private void SetTimer()
    {
        lock (_arming)
        {
            // Whatever was written last: a longer limit of before must not come after a shorter one.
            var ends = Volatile.Read(ref _limitEnds);
            if (ends is NoLimit or Fired or Firing || _isClosed)
            {
                return;
            }

            Volatile.Write(ref _timerFires, ends);
            _timer ??= new Timer(
                static t => ((ExchangeTimer)t!).TimerFired(), this, Timeout.Infinite, Timeout.Infinite);
            _timer.Change(Math.Max(0, ends - Environment.TickCount64), Timeout.Infinite);
        }
    }

    private void TimerFired()
    {
        Interlocked.Exchange(ref _timerFires, NoLimit);
        var ends = Volatile.Read(ref _limitEnds);
        var source = Volatile.Read(ref _source);
        if (ends is NoLimit or Fired or Firing)
        {
            return;
        }

        // Taken only where the exchange has written nothing meanwhile: its next limit is not this one.
        if (Environment.TickCount64 >= ends && Interlocked.CompareExchange(ref _limitEnds, Firing, ends) == ends)
        {
            var guarded = Interlocked.Exchange(ref _guarded, null);
            Volatile.Write(ref _limitEnds, Fired);
            Cancel(source, guarded);
        }
        else
        {
            SetTimer();
        }
    }

    private void Replace()
    {
        _source.Dispose();
        _source = new CancellationTokenSource();
        // ClientHasGone writes its flag first and then reads the source: one of the two sees the other.
        Interlocked.MemoryBarrier();
        if (_clientGone)
        {
            _source.Cancel();
        }
    }
}
