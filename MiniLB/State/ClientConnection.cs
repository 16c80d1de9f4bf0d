using System.Net;
using Microsoft.AspNetCore.Connections;
using MiniLB.Config.Options;

namespace MiniLB.State;

/// <summary>One open client connection, as the request path and the connection sweep see it.</summary>
/// <remarks>Its own path writes what it waits for and how much was answered; the sweep and the stop read, and wake its
/// reader.</remarks>
internal sealed class ClientConnection
{
    private readonly ConnectionContext _context;
    private readonly IClientSockets? _sockets;
    private ClientConnections.Link _place;
    private int _inFlight;
    private long _answeredBytes;
    private long _quietSince;
    private long _phaseSince;
    private volatile ClientPhase _phase = ClientPhase.Opened;
    private IPEndPoint? _peer;
    private IPEndPoint? _local;
    private bool _isIntroduced;

    // Written once by the connection's own path, called by the stop.
    private volatile Action? _endTunnel;

    private readonly Func<ListenerOptions>? _listener;

    // Set before the first request, where there is one; read by sweep and stop.
    private volatile IHttp2Peer? _http2;

    // Both set before the first request.
    private Func<Task>? _endTls;

    // Both set for good by whoever wants the connection to end, read by the connection after its read was cancelled.
    private volatile bool _timedOut;
    private volatile bool _closesWhenIdle;

    /// <param name="context">The connection.</param>
    /// <param name="isAdmin">Whether an operator is served.</param>
    /// <param name="now">Milliseconds.</param>
    /// <param name="listener">Where it was accepted, as a reload may have changed it meanwhile.</param>
    /// <param name="sockets">Know what is below it; null where nothing is.</param>
    public ClientConnection(
        ConnectionContext context, bool isAdmin, long now, Func<ListenerOptions>? listener = null,
        IClientSockets? sockets = null)
    {
        (_context, _listener, _sockets) = (context, listener, sockets);
        _quietSince = _phaseSince = now;
        IsAdmin = isAdmin;
        _peer = Plain(context.RemoteEndPoint as IPEndPoint);
        PeerText = Peer?.ToString() ?? "unix:";
    }

    public bool IsAdmin { get; }

    /// <summary>Written by the list alone.</summary>
    public ref ClientConnections.Link Place => ref _place;

    /// <summary>Since when it has taken nothing of what it was sent; the sweep's own note.</summary>
    public Stall Stall { get; set; }

    /// <summary>Whose allowance it has a part of; null while it has none.</summary>
    public ulong? CountedAs { get; set; }

    /// <summary>The address at the other end, or the one that a PROXY header names; null for a unix socket.</summary>
    public IPAddress? Peer => _peer?.Address;

    public string PeerText { get; private set; }

    /// <summary>True where the peer speaks for somebody of whom it knows nothing: what comes is not the peer's own
    /// word.</summary>
    public bool IsOfUnknown { get; private set; }

    /// <summary>The peer with its port.</summary>
    public IPEndPoint? PeerEndPoint => _peer;

    /// <summary>Where the peer connected to: here, or where a PROXY header says; null without an address.</summary>
    public IPEndPoint? LocalEndPoint => _isIntroduced ? _local : Plain(_context.LocalEndPoint as IPEndPoint);

    /// <summary>Null where it is spoken to without TLS.</summary>
    public TlsSession? Tls { get; private set; }

    public ListenerOptions? Listener => _listener?.Invoke();

    /// <summary>Bytes that were sent and the client has not taken yet.</summary>
    public int UntakenBytes => _sockets?.UntakenBytes(_context) ?? 0;

    public ClientPhase Phase => _phase;

    /// <summary>True where it may carry several requests at once.</summary>
    public bool IsHttp2 => _http2 is not null;

    /// <summary>When the phase began; milliseconds of the sweep's clock.</summary>
    public long PhaseSince => Volatile.Read(ref _phaseSince);

    /// <summary>True once what it was waiting for has taken too long.</summary>
    public bool HasTimedOut => _timedOut;

    /// <summary>True once it is to end before another request.</summary>
    public bool ClosesWhenIdle => _closesWhenIdle;

    /// <summary>True once nothing more is to be waited for.</summary>
    public bool IsToEnd => _timedOut || _closesWhenIdle;

    public int InFlight => Volatile.Read(ref _inFlight);

    public long AnsweredBytes => Volatile.Read(ref _answeredBytes);

    /// <summary>When the last answer ended, or the connection was opened; milliseconds.</summary>
    public long QuietSince => Volatile.Read(ref _quietSince);

    /// <param name="session">What TLS came to.</param>
    /// <param name="end">Tells the client through TLS that nothing more comes.</param>
    public void BeginTls(TlsSession session, Func<Task> end)
    {
        (Tls, _endTls) = (session, end);
        // The time for a head begins now, not with the accept.
        Enter(ClientPhase.Opened);
    }

    /// <summary>It has to say first on whose behalf it comes; its time goes on from the accept.</summary>
    public void AwaitIntroduction() => _phase = ClientPhase.Introducing;

    /// <summary>It comes on its own behalf, or on that of somebody of whom it knows nothing.</summary>
    public void Introduce(bool isUnknown)
    {
        IsOfUnknown = isUnknown;
        _phase = ClientPhase.Opened;
    }

    /// <summary>It comes on behalf of somebody else, who is the peer from then on.</summary>
    /// <param name="peer">Null for one without an address.</param>
    /// <param name="local">Where that one connected to.</param>
    public void Introduce(IPEndPoint? peer, IPEndPoint? local)
    {
        (_peer, _local, _isIntroduced) = (Plain(peer), Plain(local), true);
        PeerText = Peer?.ToString() ?? "unix:";
        Introduce(isUnknown: false);
    }

    /// <summary>A request head has begun; that of a new connection has its time from the accept on.</summary>
    public void BeginHead()
    {
        if (_phase == ClientPhase.Opened)
        {
            _phase = ClientPhase.Reading;
        }
        else if (_phase == ClientPhase.Idle)
        {
            Enter(ClientPhase.Reading);
        }
    }

    public void Enter(ClientPhase phase)
    {
        Volatile.Write(ref _phaseSince, Environment.TickCount64);
        _phase = phase;
    }

    public void BeginRequest() => Interlocked.Increment(ref _inFlight);

    public void EndRequest()
    {
        Volatile.Write(ref _quietSince, Environment.TickCount64);
        Interlocked.Decrement(ref _inFlight);
    }

    public void CountAnswered(long bytes) => Interlocked.Add(ref _answeredBytes, bytes);

    /// <summary>Has its only user told when the client's side has ended.</summary>
    public void WhenClosed(Action<object> callback, object state)
    {
        if (_sockets is null)
        {
            _context.ConnectionClosed.UnsafeRegister(callback!, state);
        }
        else
        {
            _sockets.WhenClosed(_context, callback, state);
        }
    }

    /// <summary>Closes it as soon as no request is in flight; HTTP/2 peers are told first.</summary>
    public void CloseWhenIdle()
    {
        if (_http2 is { } peer)
        {
            peer.CloseWhenIdle();
            return;
        }

        _closesWhenIdle = true;
        WakeReader();
    }

    /// <param name="peer">Tells the client when it is to end.</param>
    public void BeginHttp2(IHttp2Peer peer) => _http2 = peer;

    /// <param name="end">Ends the tunnel that the connection has become, so that both sides see its end.</param>
    public void BeginTunnel(Action end) => _endTunnel = end;

    public bool IsTunnel => _endTunnel is not null;

    public void EndTunnel() => _endTunnel?.Invoke();

    /// <summary>Ends what it is waiting for.</summary>
    public void TimeOut()
    {
        if (_http2?.TimeOut() == true)
        {
            return;
        }

        _timedOut = true;
        WakeReader();
    }

    /// <summary>Ends its sending side: the client has all of the answer and may still be sending.</summary>
    public void EndOutput() => _ = EndOutputAsync();

    private async Task EndOutputAsync()
    {
        try
        {
            await (_endTls?.Invoke() ?? Task.CompletedTask);
            _sockets?.EndOutput(_context);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            // It has ended already.
        }
    }

    public void Abort(string reason) => _context.Abort(new ConnectionAbortedException(reason));

    private static IPEndPoint? Plain(IPEndPoint? endPoint) => endPoint is { Address.IsIPv4MappedToIPv6: true }
        ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port)
        : endPoint;

    private void WakeReader()
    {
        try
        {
            _context.Transport.Input.CancelPendingRead();
        }
        catch (Exception e) when (e is InvalidOperationException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }
}
