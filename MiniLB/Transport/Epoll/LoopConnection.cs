using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace MiniLB.Transport.Epoll;

/// <summary>A client's connection on an event loop.</summary>
internal sealed class LoopConnection : ConnectionContext, ISocketUser, IDuplexPipe
{
    private readonly LoopSocket _socket;
    private readonly LoopReader _reader;
    private readonly LoopWriter _writer;
    private readonly CancellationTokenSource _closed = new();
    private FeatureCollection? _features;
    private IDictionary<object, object?>? _items;
    private string? _id;
    private IDuplexPipe? _transport;
    private int _hasEnded;

    /// <param name="socket">Accepted.</param>
    /// <param name="loop">Is to watch it.</param>
    /// <exception cref="SocketException">The system cannot watch it.</exception>
    public LoopConnection(Socket socket, EventLoop loop)
    {
        _socket = new LoopSocket(socket, loop, this);
        _reader = new LoopReader(_socket) { Ended = End };
        _writer = new LoopWriter(_socket);
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        _socket.Watch();
    }

    public EventLoop Loop => _socket.Loop;

    /// <summary>Has accepted it.</summary>
    public TransportListener? Listener { get; set; }

    /// <summary>True where bytes wait below whatever reads them, TLS for one.</summary>
    public bool HasInput => _socket.LookAhead() > 0;

    public override string ConnectionId
    {
        get => _id ??= string.Create(CultureInfo.InvariantCulture, $"{Loop.Index}-{_socket.Place}");
        set => _id = value;
    }

    /// <summary>What was sent and the client has not taken yet.</summary>
    public int UntakenBytes => Math.Max(0, Call(EpollMethods.Untaken));

    public override IFeatureCollection Features => _features ??= new FeatureCollection();

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public override IDuplexPipe Transport { get => _transport ?? this; set => _transport = value; }

    public override CancellationToken ConnectionClosed
    {
        get => _closed.Token;
        set => throw new NotSupportedException();
    }

    PipeReader IDuplexPipe.Input => _reader;

    PipeWriter IDuplexPipe.Output => _writer;

    public override void Abort(ConnectionAbortedException abortReason)
    {
        _reader.Abort(abortReason);
        if (_socket.IsClosed)
        {
            return;
        }

        // What the client has got must not look complete: an end could be taken for the end of an answer.
        Call(EpollMethods.ResetAtClose);
        _socket.Close();
        Loop.Post(static c => ((LoopConnection)c).End(), this);
    }

    public override ValueTask DisposeAsync()
    {
        _reader.Complete();
        _writer.Complete();
        _socket.Close();
        End();
        return base.DisposeAsync();
    }

    /// <summary>Ends our side; what the client sends still comes.</summary>
    public void EndOutput() => Call(EpollMethods.EndOutput);

    void ISocketUser.ResumeReading() => _reader.Resume();

    void ISocketUser.ResumeWriting() => _writer.Resume();

    void ISocketUser.HungUp() => End();

    private void End()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            _closed.Cancel();
        }
    }

    private int Call(Func<int, int> what)
    {
        lock (_socket.Gate)
        {
            return _socket.IsClosed ? LoopSocket.Closed : what(_socket.Descriptor);
        }
    }
}
