using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using MiniLB.Config.Options;

namespace MiniLB.Transport;

/// <summary>Opens Kestrel's listening sockets and keeps hold of them, so that a stop can close them first.</summary>
internal sealed class TransportListenerFactory(
    AdminOptions admin, LimitOptions limits, ILogger<TransportListenerFactory> logger)
    : IConnectionListenerFactory, IDisposable
{
    private const long ReadBuffer = 128 * 1024;
    private const long ReadSlack = 16 * 1024;

    private readonly List<TransportListener> _listeners = [];

    private readonly SocketConnectionContextFactory _connections = new(new SocketConnectionFactoryOptions
    {
        // Completions already run on the event threads; a hop to another thread costs 2 to 4 us a request.
        UnsafePreferInlineScheduling = true,
        // Bounds what an upload holds in memory while its backend is slow. A head must fit into it.
        MaxReadBufferSize = Math.Max(ReadBuffer, limits.RequestLine + limits.HeaderBytes + ReadSlack),
        // Kestrel would read zero bytes first: one system call more for each request.
        WaitForDataBeforeAllocatingBuffer = false,
    }, logger);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        // By reference: both may say 127.0.0.1:0, and Kestrel passes on the object that it was given.
        var isAdmin = ReferenceEquals(endpoint, admin.Address?.EndPoint);
        Socket socket;
        try
        {
            socket = ListeningSocket.Open(endpoint, isAdmin ? admin.Mode : null);
        }
        catch (SocketException e)
        {
            throw new ListenException(endpoint, e);
        }

        var listener = new TransportListener(socket, isAdmin, _connections, logger);
        _listeners.Add(listener);
        return ValueTask.FromResult<IConnectionListener>(listener);
    }

    /// <summary>Where clients are served; ports that the system chose are filled in.</summary>
    public IEnumerable<EndPoint> ClientEndPoints => _listeners.Where(l => !l.IsAdmin).Select(l => l.EndPoint);

    public EndPoint? AdminEndPoint => _listeners.FirstOrDefault(l => l.IsAdmin)?.EndPoint;

    public void Dispose() => _connections.Dispose();

    /// <summary>Closes the clients' listening sockets; accepted connections and the admin address go on.</summary>
    public async Task StopAcceptingClientsAsync()
    {
        foreach (var listener in _listeners.Where(l => !l.IsAdmin))
        {
            await listener.UnbindAsync();
        }
    }
}
