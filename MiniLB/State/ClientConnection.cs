using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace MiniLB.State;

/// <summary>One open client connection, as the request path and the connection sweep see it.</summary>
/// <remarks>The request path writes when a request begins and ends and how much was answered; the sweep
/// reads.</remarks>
internal sealed class ClientConnection
{
    private readonly ConnectionContext _context;
    private int _inFlight;
    private long _requests;
    private long _answeredBytes;
    private long _quietSince;

    public ClientConnection(ConnectionContext context, bool isAdmin, long now)
    {
        _context = context;
        _quietSince = now;
        IsAdmin = isAdmin;
        OpenedAt = now;
        Peer = (context.RemoteEndPoint as IPEndPoint)?.Address is { } address
            ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address
            : null;
        PeerText = Peer?.ToString() ?? "unix:";
    }

    public bool IsAdmin { get; }

    /// <summary>Milliseconds of the sweep's clock.</summary>
    public long OpenedAt { get; }

    /// <summary>The address at the other end; null for a unix socket.</summary>
    public IPAddress? Peer { get; }

    public string PeerText { get; }

    public CancellationToken Closed => _context.ConnectionClosed;

    public Socket? Socket => _context.Features.Get<IConnectionSocketFeature>()?.Socket;

    public int InFlight => Volatile.Read(ref _inFlight);

    public long Requests => Volatile.Read(ref _requests);

    public long AnsweredBytes => Volatile.Read(ref _answeredBytes);

    /// <summary>When the last answer ended, or the connection was opened; milliseconds.</summary>
    public long QuietSince => Volatile.Read(ref _quietSince);

    public void BeginRequest()
    {
        Interlocked.Increment(ref _inFlight);
        Interlocked.Increment(ref _requests);
    }

    public void EndRequest()
    {
        Volatile.Write(ref _quietSince, Environment.TickCount64);
        Interlocked.Decrement(ref _inFlight);
    }

    public void CountAnswered(long bytes) => Interlocked.Add(ref _answeredBytes, bytes);

    /// <summary>Closes it as soon as no request is in flight; HTTP/2 peers are told first.</summary>
    public void CloseWhenIdle() => _context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();

    public void Abort(string reason) => _context.Abort(new ConnectionAbortedException(reason));
}
