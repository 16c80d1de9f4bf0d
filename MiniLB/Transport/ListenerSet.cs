using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using MiniLB.Config.Options;

namespace MiniLB.Transport;

/// <summary>All sockets on which connections are accepted. To Kestrel, which can add none while it runs, they are one
/// listener.</summary>
/// <remarks>What a reload leaves as it is is not touched: its socket stays open, its queue too.</remarks>
internal sealed class ListenerSet : IConnectionListenerFactory, IConnectionListener
{
    /// <summary>What Kestrel is told to listen on: it stands for all.</summary>
    public static readonly EndPoint Everywhere = new IPEndPoint(IPAddress.Loopback, 0);

    private const long ReadBuffer = 128 * 1024;
    private const long ReadSlack = 16 * 1024;

    // Whoever waits for the next connection goes on inside the accept of that connection: no thread hop.
    private readonly Channel<ConnectionContext> _accepted = Channel.CreateUnbounded<ConnectionContext>(
        new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });

    private readonly BalancerOptions _first;
    private readonly ILogger<ListenerSet> _logger;
    private readonly List<SocketConnectionContextFactory> _factories = [];

    // Written by start, reload and stop, one after another.
    private volatile TransportListener[] _open = [];
    private long _readBuffer;

    /// <param name="options">What is opened first.</param>
    /// <param name="logger">For what goes wrong while accepting.</param>
    public ListenerSet(BalancerOptions options, ILogger<ListenerSet> logger)
    {
        (_first, _logger) = (options, logger);
        SizeBuffers(options.Limits);
    }

    public EndPoint EndPoint => Everywhere;

    /// <summary>Where clients are served; ports that the system chose are filled in.</summary>
    public IEnumerable<EndPoint> ClientEndPoints => _open.Where(l => !l.IsAdmin).Select(l => l.EndPoint);

    public EndPoint? AdminEndPoint => Array.Find(_open, l => l.IsAdmin)?.EndPoint;

    /// <exception cref="ListenException">One of the addresses cannot be listened on.</exception>
    public async ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        await Prepare(_first).ApplyAsync();
        return this;
    }

    /// <summary>Opens what a configuration names and is not open yet; nobody is accepted there before the change is
    /// applied.</summary>
    /// <exception cref="ListenException">An address cannot be listened on; then nothing was changed.</exception>
    public ListenerChange Prepare(BalancerOptions options)
    {
        var (before, after, opened) = (_open.ToList(), new List<TransportListener>(), new List<TransportListener>());
        foreach (var wanted in WantedListener.Of(options))
        {
            var listener = before.Find(l => l.Serves(wanted));
            if (listener is not null)
            {
                before.Remove(listener);
            }
            else
            {
                listener = Open(wanted, opened);
            }

            after.Add(listener);
        }

        return new ListenerChange(async () =>
        {
            SizeBuffers(options.Limits);
            _open = [.. after];
            after.ForEach(l => l.Obey(WantedListener.Of(options).First(l.Serves)));
            opened.ForEach(l => _ = PassOnAsync(l));
            foreach (var removed in before)
            {
                await removed.UnbindAsync();
                await removed.DisposeAsync();
            }
        }, opened);
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _accepted.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    /// <summary>Closes the clients' listening sockets; accepted connections and the admin address go on.</summary>
    public async Task StopAcceptingClientsAsync()
    {
        foreach (var listener in _open.Where(l => !l.IsAdmin))
        {
            await listener.UnbindAsync();
        }
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        foreach (var listener in _open)
        {
            await listener.UnbindAsync(cancellationToken);
        }

        _accepted.Writer.TryComplete();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _open)
        {
            await listener.DisposeAsync();
        }

        _factories.ForEach(f => f.Dispose());
    }

    private TransportListener Open(WantedListener wanted, List<TransportListener> opened)
    {
        try
        {
            var socket = ListeningSocket.Open(wanted.Address.EndPoint, wanted.Mode);
            var listener = new TransportListener(socket, wanted, s => _factories[^1].Create(s), _logger);
            opened.Add(listener);
            return listener;
        }
        catch (SocketException e)
        {
            opened.ForEach(l => l.Discard());
            throw new ListenException(wanted.Address.EndPoint, e);
        }
    }

    private async Task PassOnAsync(TransportListener listener)
    {
        while (await listener.AcceptAsync() is { } connection)
        {
            if (!_accepted.Writer.TryWrite(connection))
            {
                await connection.DisposeAsync();
            }
        }
    }

    // What was made before goes on with the connections that it has made.
    private void SizeBuffers(LimitOptions limits)
    {
        // Bounds what an upload holds in memory while its backend is slow. A head must fit into it.
        var size = Math.Max(ReadBuffer, limits.RequestLine + limits.HeaderBytes + ReadSlack);
        if (size == _readBuffer)
        {
            return;
        }

        _readBuffer = size;
        _factories.Add(new SocketConnectionContextFactory(
            new SocketConnectionFactoryOptions
            {
                // Completions already run on the event threads; a hop to another thread costs 2 to 4 us a request.
                UnsafePreferInlineScheduling = true,
                MaxReadBufferSize = size,
                // Kestrel would read zero bytes first: one system call more for each request.
                WaitForDataBeforeAllocatingBuffer = false,
            },
            _logger));
    }
}
