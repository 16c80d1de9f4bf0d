using MiniLB.Config.Options;

namespace MiniLB.State;

/// <summary>Opens when too many of a backend's requests fail, and lets a few through to find out whether it has
/// recovered.</summary>
/// <remarks>Closed: all pass, and are counted. Open: none passes. Half-open: as many as there are trials pass; one
/// failure opens it anew, as many successes close it. Its lock is held for a few instructions, and only where a
/// breaker is configured. What a request says counts only in the stage in which it began: one from before may say how
/// the backend was long ago, and is no trial.</remarks>
/// <param name="options">The pool's.</param>
/// <param name="time">The clock.</param>
/// <param name="before">The one in whose place it comes: what began there says nothing here.</param>
internal sealed class CircuitBreaker(CircuitBreakerOptions options, TimeProvider time, CircuitBreaker? before = null)
{
    private readonly Lock _changing = new();
    private readonly SlidingCounts _counts = new(options.Window);
    private CircuitState _state = CircuitState.Closed;
    private int _changes = before is null ? 0 : before.Stage.Changes + 1;
    private TimeSpan _openUntil;
    private int _trials;
    private int _successes;

    public CircuitBreakerOptions Options => options;

    public CircuitState State => Stage.State;

    public CircuitStage Stage
    {
        get
        {
            lock (_changing)
            {
                return new CircuitStage(_state, _changes);
            }
        }
    }

    /// <summary>True where one more request may pass at this moment.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_changing)
            {
                return LetsPass();
            }
        }
    }

    /// <summary>Begins a request, where both the circuit and the backend have room for it.</summary>
    /// <returns>False where it may not pass; then nothing was begun.</returns>
    public bool TryBegin(Backend backend, bool ofSession)
    {
        lock (_changing)
        {
            if (!LetsPass() || !backend.TryTakeRoom(ofSession))
            {
                return false;
            }

            _trials += _state == CircuitState.HalfOpen ? 1 : 0;
            return true;
        }
    }

    /// <summary>Ends what <see cref="TryBegin"/> began.</summary>
    /// <param name="verdict">What the request says about the backend.</param>
    /// <param name="began">Where the circuit stood when it began.</param>
    public CircuitChange End(Verdict verdict, CircuitStage began)
    {
        lock (_changing)
        {
            if (began.Changes != _changes)
            {
                return CircuitChange.None;
            }

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

            Enter(CircuitState.HalfOpen);
            (_trials, _successes) = (0, 0);
            return true;
        }
    }

    private bool LetsPass() =>
        _state == CircuitState.Closed || (_state == CircuitState.HalfOpen && _trials < options.Trials);

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
        if (verdict == Verdict.Failure)
        {
            return Open(time.GetElapsedTime(0));
        }

        if (verdict == Verdict.Neutral)
        {
            _trials--;
        }
        else if (++_successes >= options.Trials)
        {
            Enter(CircuitState.Closed);
            _counts.Clear();
            return CircuitChange.Closed;
        }

        return CircuitChange.None;
    }

    private CircuitChange Open(TimeSpan now)
    {
        Enter(CircuitState.Open);
        _openUntil = now + options.OpenFor;
        return CircuitChange.Opened;
    }

    private void Enter(CircuitState state) => (_state, _changes) = (state, _changes + 1);
}

/// <summary>Where a circuit stood at one moment.</summary>
/// <param name="State">Where it stood.</param>
/// <param name="Changes">How often it had changed until then.</param>
internal readonly record struct CircuitStage(CircuitState State, int Changes);

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
