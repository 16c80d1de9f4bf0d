using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.State;

/// <summary>One server behind the balancer: its identity, whether it is up, and what it has been given to do.</summary>
internal sealed class Backend(BackendOptions options, int index)
{
    // Written by the request path with each answer.
    private volatile bool _speaksHttp10;
    private long _sends;
    private long _failures;
    private int _inFlight;

    /// <summary>As configured; the backend's name in every report.</summary>
    public string Url { get; } = options.Url;

    public BackendAddress Address { get; } = options.Address;

    public int Weight { get; } = options.Weight;

    /// <summary>Position in the pool's configured order.</summary>
    public int Index { get; } = index;

    /// <summary>True while it answers in HTTP/1.0: each of its connections then serves one request, because it may
    /// close after its answer without a word.</summary>
    public bool SpeaksHttp10
    {
        get => _speaksHttp10;
        set => _speaksHttp10 = value;
    }

    /// <summary>Requests sent to it. Written by the request path.</summary>
    public long Sends => Volatile.Read(ref _sends);

    /// <summary>Attempts that failed through its fault. Written by the request path.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>Requests that it is serving now. Written by the request path.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public void BeginAttempt() => Interlocked.Increment(ref _inFlight);

    /// <summary>Ends what <see cref="BeginAttempt"/> began, exactly once.</summary>
    public void EndAttempt(bool sent, bool failed)
    {
        Interlocked.Decrement(ref _inFlight);
        if (sent)
        {
            Interlocked.Increment(ref _sends);
        }

        if (failed)
        {
            Interlocked.Increment(ref _failures);
        }
    }
}
