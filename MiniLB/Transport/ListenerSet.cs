using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using MiniLB.Async;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Transport.Epoll;

namespace MiniLB.Transport;

/// <summary>All sockets on which connections are accepted.</summary>
/// <remarks>What a reload leaves as it is is not touched: its socket stays open, its queue too.</remarks>
internal sealed class ListenerSet : IAsyncDisposable
{
    private const long ReadSlack = 16 * 1024;
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly BalancerOptions _first;
    private readonly ILogger<ListenerSet> _logger;
    private readonly InheritedSockets _inherited;
    private readonly List<SocketConnectionContextFactory> _factories = [];

    // Written by start, reload and stop, one after another.
    private volatile TransportListener[] _open = [];
    private long _readBuffer;

    /// <param name="options">What is opened first.</param>
    /// <param name="logger">For what goes wrong while accepting.</param>
    /// <param name="inherited">Sockets that are open already.</param>
    public ListenerSet(BalancerOptions options, ILogger<ListenerSet> logger, InheritedSockets inherited)
    {
        (_first, _logger, _inherited) = (options, logger, inherited);
        SizeBuffers(options.Limits);
    }

    /// <summary>Serves a connection to its end, closes it, and never fails; set before the first one comes.</summary>
    public Func<ConnectionContext, Task>? Serve { get; set; }

    /// <summary>Where clients are served; ports that the system chose are filled in.</summary>
    public IEnumerable<EndPoint> ClientEndPoints => _open.Where(l => !l.IsAdmin).Select(l => l.EndPoint);

    public EndPoint? AdminEndPoint => Array.Find(_open, l => l.IsAdmin)?.EndPoint;

    /// <summary>All of them as an operator would write them, and the admin address; null where there is none.</summary>
    public (IEnumerable<string> Clients, string? Admin) Texts =>
        (_open.Where(l => !l.IsAdmin).Select(l => l.ToString()), Array.Find(_open, l => l.IsAdmin)?.ToString());

    /// <summary>Opens what the first configuration names.</summary>
    /// <exception cref="ListenException">One of the addresses cannot be listened on.</exception>
    public Task OpenAsync() => Prepare(_first).ApplyAsync();

    /// <summary>Opens what a configuration names and is not open yet; nobody is accepted there before the change is
    /// applied.</summary>
    /// <exception cref="ListenException">An address cannot be listened on; then nothing was changed.</exception>
    public ListenerChange Prepare(BalancerOptions options)
    {
        var (before, opened) = (_open.ToList(), new List<TransportListener>());
        var after = new List<(TransportListener Listener, WantedListener Wanted)>();
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

            after.Add((listener, wanted));
        }

        return new ListenerChange(async () =>
        {
            SizeBuffers(options.Limits);
            _open = [.. after.Select(a => a.Listener)];
            after.ForEach(a => a.Listener.Obey(a.Wanted));
            opened.ForEach(l => _ = PassOnAsync(l));
            foreach (var removed in before)
            {
                await removed.UnbindAsync();
                await removed.DisposeAsync();
            }
        }, opened);
    }

    /// <summary>Closes the clients' listening sockets; accepted connections and the admin address go on.</summary>
    public Task StopAcceptingClientsAsync() => StopAcceptingAsync(l => !l.IsAdmin);

    /// <summary>Has the next process that is started get all sockets.</summary>
    /// <returns>What it needs to know, for the variable that <see cref="InheritedSockets.Variable"/> names.</returns>
    public string Share() => string.Join('\n', _open.Select(l => l.Share()));

    /// <summary>No other process has the sockets any more, or is to get them.</summary>
    public void Own()
    {
        Array.ForEach(_open, l => l.Own());
        _inherited.CloseRest();
    }

    /// <summary>Closes all listening sockets; accepted connections go on.</summary>
    public Task StopAcceptingAsync() => StopAcceptingAsync(_ => true);

    /// <summary>Leaves clients who connect from now on unanswered, so that their kernels try again.</summary>
    public void HoldClientsBack()
    {
        foreach (var listener in _open.Where(l => !l.IsAdmin))
        {
            listener.HoldBack();
        }
    }

    /// <summary>True while the kernel knows a client's connection that is not over, accepted or not, closed here or
    /// not.</summary>
    public bool HasUnfinishedClients() =>
        UnfinishedConnections.AnyOf([.. ClientEndPoints.OfType<IPEndPoint>().Select(e => e.Port)]);

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _open)
        {
            await listener.DisposeAsync();
        }

        _factories.ForEach(f => f.Dispose());
    }

    private async Task StopAcceptingAsync(Func<TransportListener, bool> which)
    {
        foreach (var listener in _open.Where(which))
        {
            await listener.UnbindAsync();
        }
    }

    private TransportListener Open(WantedListener wanted, List<TransportListener> opened)
    {
        Socket? socket = null;
        try
        {
            var inherited = _inherited.Find(wanted);
            inherited?.Restrict(wanted.Mode);
            socket = inherited?.Socket ?? ListeningSocket.Open(wanted.Address.EndPoint, wanted.Mode);
            var listener = new TransportListener(
                socket, wanted, Connect, _logger, inherited?.Owner ?? SocketOwner.Process,
                EventLoops.OfProcess);
            opened.Add(listener);
            return listener;
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            opened.ForEach(l => l.Discard());
            throw new ListenException(wanted.Address.EndPoint, e);
        }
    }

    private async Task PassOnAsync(TransportListener listener)
    {
        Action<object> serve = c => _ = Serve!((ConnectionContext)c);
        while (await AcceptAsync(listener) is { } connection)
        {
            // From its first byte to its last a connection is served by one thread.
            if (connection is LoopConnection { Loop: { IsCurrent: false } loop })
            {
                loop.Post(serve, connection);
            }
            else
            {
                serve(connection);
            }
        }
    }

    /// <returns>Null once the listener is closed.</returns>
    private async FrameTask<ConnectionContext?> AcceptAsync(TransportListener listener)
    {
        while (true)
        {
            try
            {
                return await listener.AcceptAsync();
            }
            catch (Exception e)
            {
                // Even to say that nothing can be accepted may fail where there is nothing left; it is said a moment
                // later then.
                await Task.Delay(AfterFailure);
                TransportLog.NotServed(_logger, e);
            }
        }
    }

    private ConnectionContext Connect(Socket accepted) => _factories[^1].Create(accepted);

    // What was made before goes on with the connections that it has made.
    private void SizeBuffers(LimitOptions limits)
    {
        // Bounds what an upload holds in memory while its backend is slow. A head must fit into it.
        var size = Math.Max(MemoryPlan.Current.RequestBuffer, limits.RequestLine + limits.HeaderBytes + ReadSlack);
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
                MaxWriteBufferSize = MemoryPlan.Current.AnswerBuffer,
                // It would read zero bytes first: one system call more for each request.
                WaitForDataBeforeAllocatingBuffer = false,
            },
            _logger));
    }
}
