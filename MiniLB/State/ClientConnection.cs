using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace MiniLB.State;

/// <summary>One open client connection, as the request path and the connection sweep see it.</summary>
/// <remarks>Its own path writes what it waits for and how much was answered; the sweep and the stop read, and wake its
/// reader.</remarks>
internal sealed class ClientConnection
{
    private readonly ConnectionContext _context;
    private int _inFlight;
    private long _answeredBytes;
    private long _quietSince;
    private long _phaseSince;
    private volatile ClientPhase _phase;

    // Written once by the connection's own path, called by the stop.
    private volatile Action? _endTunnel;

    // Both set for good by whoever wants the connection to end, read by the connection after its read was cancelled.
    private volatile bool _timedOut;
    private volatile bool _closesWhenIdle;

    public ClientConnection(ConnectionContext context, bool isAdmin, long now)
    {
        _context = context;
        _quietSince = _phaseSince = now;
        IsAdmin = isAdmin;
        Peer = (context.RemoteEndPoint as IPEndPoint)?.Address is { } address
            ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address
            : null;
        PeerText = Peer?.ToString() ?? "unix:";
    }

    public bool IsAdmin { get; }

    /// <summary>The address at the other end; null for a unix socket.</summary>
    public IPAddress? Peer { get; }

    public string PeerText { get; }

    public CancellationToken Closed => _context.ConnectionClosed;

    public Socket? Socket => _context.Features.Get<IConnectionSocketFeature>()?.Socket;

    public ClientPhase Phase => _phase;

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

    /// <summary>Closes it as soon as no request is in flight; HTTP/2 peers are told first.</summary>
    public void CloseWhenIdle()
    {
        if (_phase == ClientPhase.Http2)
        {
            _context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            return;
        }

        _closesWhenIdle = true;
        WakeReader();
    }

    /// <param name="end">Ends the tunnel that the connection has become, so that both sides see its end.</param>
    public void BeginTunnel(Action end) => _endTunnel = end;

    public bool IsTunnel => _endTunnel is not null;

    public void EndTunnel() => _endTunnel?.Invoke();

    /// <summary>Ends what it is waiting for.</summary>
    public void TimeOut()
    {
        _timedOut = true;
        WakeReader();
    }

    /// <summary>Ends its sending side: the client has all of the answer and may still be sending.</summary>
    public void EndOutput()
    {
        try
        {
            Socket?.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    public void Abort(string reason) => _context.Abort(new ConnectionAbortedException(reason));

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
