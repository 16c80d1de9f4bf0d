using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.State;

/// <summary>One server behind the balancer: its identity, and what it has been given to do.</summary>
/// <remarks>Whether it is in rotation is the snapshot's matter. It lives on through reloads for as long as its pool has
/// a backend of its address.</remarks>
/// <param name="options">As the operator wrote it, or as it was found.</param>
/// <param name="index">Its place among the backends of the pool.</param>
/// <param name="loads">The requests in flight of all backends of the pool, by index: side by side in memory, so that a
/// strategy that looks at all of them reads one line of cache for sixteen.</param>
internal sealed class Backend(BackendOptions options, int index, int[]? loads = null)
{
    private readonly int[] _loads = loads ?? new int[index + 1];

    // Written by the world under its lock, at a reload.
    private volatile BackendOptions _options = options;
    private volatile CircuitBreaker? _circuit;
    private volatile bool _hasLeft;

    // Written by the world under its lock, read by whoever begins an attempt or has a connection to keep.
    private volatile BackendMode _mode;

    // Written by the request path with each answer.
    private volatile bool _speaksHttp10;

    // Written by the request path with each connection that lets the backend choose.
    private volatile bool _choosesHttp2;
    private long _sends;
    private long _failures;
    private int _failuresInARow;
    private int _connections;

    /// <summary>As configured; the backend's name in every report.</summary>
    public string Url => _options.Url;

    /// <summary>Where it listens: the same for as long as it lives, but for the name that it is called by.</summary>
    public BackendAddress Address => _options.Address;

    /// <summary>As the operator wrote it last; of the same address.</summary>
    public BackendOptions Options
    {
        get => _options;
        set => _options = value;
    }

    /// <summary>The weight that the configuration gives it.</summary>
    public int Weight => _options.Weight;

    public bool IsBackup => _options.IsBackup;

    /// <summary>Requests that it serves at once; 0 means no limit.</summary>
    public int MaxInFlight => _options.MaxInFlight;

    /// <summary>Its place among the backends of the pool; the same one for as long as it lives.</summary>
    public int Index { get; } = index;

    /// <summary>Null where circuits are not broken.</summary>
    public CircuitBreaker? Circuit
    {
        get => _circuit;
        set => _circuit = value;
    }

    /// <summary>True once a reload has taken it out of its pool: what is in flight is finished, and nothing is
    /// kept.</summary>
    public bool HasLeft
    {
        get => _hasLeft;
        set => _hasLeft = value;
    }

    /// <summary>True while connections to it are worth keeping.</summary>
    public bool KeepsConnections => _mode == BackendMode.Enabled && !_hasLeft;

    /// <summary>How fast it answers; kept by strategies that go by it.</summary>
    public LatencyAverage Latency { get; } = new();

    /// <summary>How often it was picked lately; kept by strategies that go by it.</summary>
    public RecentRate Rate { get; } = new();

    public OpenTunnels Tunnels { get; } = new();

    public BackendCounters Counters { get; } = new();

    /// <summary>What the operator wants of it now, whatever snapshot a request may hold.</summary>
    public BackendMode Mode
    {
        get => _mode;
        set => _mode = value;
    }

    /// <summary>True where it has chosen HTTP/2 when it last had the choice (ALPN).</summary>
    public bool ChoosesHttp2
    {
        get => _choosesHttp2;
        set => _choosesHttp2 = value;
    }

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
    public int InFlight => Volatile.Read(ref _loads[Index]);

    /// <summary>The requests in flight of all backends of its pool, by index.</summary>
    public ReadOnlySpan<int> Loads => _loads;

    /// <summary>Open connections to it, kept ones included. Written by the request path.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>True where it would take one more request that is bound to no backend.</summary>
    public bool HasRoom =>
        (MaxInFlight == 0 || InFlight < MaxInFlight) && MayBegin(ofSession: false) && Circuit?.HasRoom != false;

    /// <summary>Begins an attempt.</summary>
    /// <param name="ofSession">Whether the client is bound to this backend.</param>
    /// <returns>False where the operator has taken it out, where it has its maxInFlight, or where its circuit has all
    /// the trials that it may; then nothing was begun.</returns>
    public bool TryBegin(bool ofSession = false) =>
        Circuit?.TryBegin(this, ofSession) ?? TryTakeRoom(ofSession);

    /// <summary>Counts one more in flight, where it has room and may be given it; <see cref="TryBegin"/> is for
    /// callers.</summary>
    internal bool TryTakeRoom(bool ofSession)
    {
        // Who is refused must not count, not even for a moment: another would find the last room taken, and wait for
        // an end of which nobody tells.
        if (!MayBegin(ofSession) || !TryCount())
        {
            return false;
        }

        // The mode is read again after the count has gone up: whoever drains it and then finds nothing in flight knows
        // that nothing more comes, not even from a request that holds an older snapshot.
        if (MayBegin(ofSession))
        {
            return true;
        }

        Interlocked.Decrement(ref _loads[Index]);
        return false;
    }

    /// <summary>Ends what <see cref="TryBegin"/> began, exactly once.</summary>
    public void End(bool sent, bool failed)
    {
        Interlocked.Decrement(ref _loads[Index]);
        if (sent)
        {
            Interlocked.Increment(ref _sends);
        }

        if (failed)
        {
            Interlocked.Increment(ref _failures);
        }
    }

    /// <summary>Counts failures in a row.</summary>
    /// <param name="failed">Whether the last attempt failed; a success begins anew.</param>
    /// <returns>How many there are now.</returns>
    public int CountInARow(bool failed)
    {
        if (failed)
        {
            return Interlocked.Increment(ref _failuresInARow);
        }

        // Read first: most answers follow a success, and a write would take the cache line from the other core.
        if (Volatile.Read(ref _failuresInARow) != 0)
        {
            Volatile.Write(ref _failuresInARow, 0);
        }

        return 0;
    }

    public void ConnectionOpened() => Interlocked.Increment(ref _connections);

    public void ConnectionClosed() => Interlocked.Decrement(ref _connections);

    private bool TryCount()
    {
        ref var load = ref _loads[Index];
        var most = MaxInFlight;
        if (most == 0)
        {
            Interlocked.Increment(ref load);
            return true;
        }

        for (var now = Volatile.Read(ref load); now < most;)
        {
            var seen = Interlocked.CompareExchange(ref load, now + 1, now);
            if (seen == now)
            {
                return true;
            }

            now = seen;
        }

        return false;
    }

    private bool MayBegin(bool ofSession) => _mode switch
    {
        BackendMode.Enabled => true,
        BackendMode.Draining => ofSession,
        _ => false,
    };
}
