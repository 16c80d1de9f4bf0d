using System.Diagnostics.CodeAnalysis;

namespace MiniLB.RequestPath.Forward;

/// <summary>Ends an exchange that waits too long for something, or whose client has gone, and tells which it
/// was.</summary>
/// <remarks>One per client connection, reset between requests: arming it costs a timer change, no allocation.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "lives as long as its connection; holds no wait handle")]
internal sealed class ExchangeTimer
{
    private CancellationTokenSource _source = new();
    private long _totalEnds = long.MaxValue;
    private bool _isArmed;

    // Written by the exchange, read by whoever asks after the token fired.
    private volatile TimeLimit _limit;

    // Written by the connection's close, for good.
    private volatile bool _clientGone;

    public CancellationToken Token => _source.Token;

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
        _totalEnds = total == TimeSpan.Zero ? long.MaxValue : Environment.TickCount64 + (long)total.TotalMilliseconds;
        Wait(TimeLimit.None, TimeSpan.Zero);
    }

    /// <summary>Starts to wait for something; what was waited for before has come.</summary>
    /// <param name="limit">What for.</param>
    /// <param name="time">How long at most; zero means no limit.</param>
    public void Wait(TimeLimit limit, TimeSpan time)
    {
        var milliseconds = time == TimeSpan.Zero ? long.MaxValue : (long)time.TotalMilliseconds;
        if (_totalEnds != long.MaxValue)
        {
            var left = Math.Max(0, _totalEnds - Environment.TickCount64);
            (limit, milliseconds) = left < milliseconds ? (TimeLimit.Total, left) : (limit, milliseconds);
        }

        _limit = limit;
        if (milliseconds != long.MaxValue)
        {
            _isArmed = true;
            _source.CancelAfter(TimeSpan.FromMilliseconds(milliseconds));
        }
        else if (_isArmed)
        {
            _isArmed = false;
            _source.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends an exchange and makes the timer fit for the next one.</summary>
    public void End()
    {
        _totalEnds = long.MaxValue;
        _isArmed = false;
        if (_source.TryReset())
        {
            return;
        }

        Replace();
    }

    /// <summary>Makes the timer fit for another attempt where a limit of the last one has fired; total goes
    /// on.</summary>
    public void BeginAttempt()
    {
        if (_source.IsCancellationRequested && !_clientGone)
        {
            Replace();
        }

        // The limit of the last attempt is over, fired or not; total goes on while the next one is waited for.
        Wait(TimeLimit.None, TimeSpan.Zero);
    }

    public void ClientHasGone()
    {
        _clientGone = true;
        Cancel();
    }

    private void Cancel()
    {
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // End() replaced it at this moment, and cancels the new one itself.
        }
    }

    /// <summary>Ends a tunnel because the process stops, or its backend is to.</summary>
    public void EndTunnel()
    {
        _limit = TimeLimit.Stop;
        Cancel();
    }

    private void Replace()
    {
        _isArmed = false;
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
