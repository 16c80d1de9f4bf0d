using MiniLB.Config.Options;

namespace MiniLB.State;

/// <summary>Opens when too many of a backend's requests fail, and lets a few through to find out whether it has
/// recovered.</summary>
/// <remarks>Closed: all pass, and are counted. Open: none passes. Half-open: as many as there are trials pass; one
/// failure opens it anew, as many successes close it. Its lock is held for a few instructions, and only where a
/// breaker is configured.</remarks>
internal sealed class CircuitBreaker(CircuitBreakerOptions options, TimeProvider time)
{
    private readonly Lock _changing = new();
    private readonly SlidingCounts _counts = new(options.Window);
    private CircuitState _state = CircuitState.Closed;
    private TimeSpan _openUntil;
    private int _trials;
    private int _successes;

    public CircuitState State
    {
        get
        {
            lock (_changing)
            {
                return _state;
            }
        }
    }

    /// <returns>False where this request may not pass; then nothing was begun.</returns>
    public bool TryBegin()
    {
        lock (_changing)
        {
            if (_state == CircuitState.Closed)
            {
                return true;
            }

            if (_state == CircuitState.Open || _trials >= options.Trials)
            {
                return false;
            }

            _trials++;
            return true;
        }
    }

    /// <summary>Ends what <see cref="TryBegin"/> began.</summary>
    /// <param name="verdict">What the request says about the backend.</param>
    public CircuitChange End(Verdict verdict)
    {
        lock (_changing)
        {
            return _state switch
            {
                CircuitState.Closed => EndClosed(verdict),
                CircuitState.HalfOpen => EndTrial(verdict),
                _ => CircuitChange.None,
            };
        }
    }

    /// <summary>Begins the trials, once its time is over.</summary>
    /// <returns>True where it has just become half-open.</returns>
    public bool TryHalfOpen()
    {
        lock (_changing)
        {
            if (_state != CircuitState.Open || time.GetElapsedTime(0) < _openUntil)
            {
                return false;
            }

            (_state, _trials, _successes) = (CircuitState.HalfOpen, 0, 0);
            return true;
        }
    }

    private CircuitChange EndClosed(Verdict verdict)
    {
        var now = time.GetElapsedTime(0);
        if (verdict == Verdict.Neutral)
        {
            return CircuitChange.None;
        }

        var (requests, failures) = _counts.Add(now, verdict == Verdict.Failure);
        return verdict == Verdict.Failure
            && requests >= options.MinRequests && failures >= requests * options.FailureRatio
            ? Open(now)
            : CircuitChange.None;
    }

    private CircuitChange EndTrial(Verdict verdict)
    {
        // A request from before the circuit opened may end now; it is no trial, but what it says is as good as one.
        if (verdict == Verdict.Failure)
        {
            return Open(time.GetElapsedTime(0));
        }

        if (verdict == Verdict.Neutral)
        {
            _trials = Math.Max(0, _trials - 1);
        }
        else if (++_successes >= options.Trials)
        {
            _state = CircuitState.Closed;
            _counts.Clear();
            return CircuitChange.Closed;
        }

        return CircuitChange.None;
    }

    private CircuitChange Open(TimeSpan now)
    {
        _state = CircuitState.Open;
        _openUntil = now + options.OpenFor;
        return CircuitChange.Opened;
    }
}

/// <summary>What the end of a request has done to the circuit.</summary>
internal enum CircuitChange
{
    None,
    Opened,
    Closed,
}

/// <summary>Where a circuit stands.</summary>
internal enum CircuitState
{
    Closed,
    Open,
    HalfOpen,
}
