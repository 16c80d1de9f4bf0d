using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using MiniLB.Async;

namespace MiniLB.Transport.Epoll;

/// <summary>A client's connection on an event loop.</summary>
internal sealed class LoopConnection : ConnectionContext, ISocketUser, IDuplexPipe
{
    private readonly LoopSocket _socket;
    private readonly LoopReader _reader;
    private readonly LoopWriter _writer;
    private CancellationTokenSource? _closed;
    private FeatureCollection? _features;
    private IDictionary<object, object?>? _items;
    private string? _id;
    private IDuplexPipe? _transport;
    private int _hasEnded;

    // Called once, by whoever takes it away.
    private Action<object>? _whenEnded;
    private object? _endedState;

    /// <param name="descriptor">Accepted; closed where it cannot be watched.</param>
    /// <param name="peer">Null for one without an address.</param>
    /// <param name="loop">Is to watch it.</param>
    /// <exception cref="SocketException">The system cannot watch it.</exception>
    public LoopConnection(int descriptor, IPEndPoint? peer, EventLoop loop)
    {
        _socket = new LoopSocket(descriptor, loop, this);
        _reader = new LoopReader(_socket) { Ended = End };
        _writer = new LoopWriter(_socket);
        RemoteEndPoint = peer;
        try
        {
            _socket.Watch();
        }
        catch
        {
            _socket.Close();
            throw;
        }
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

    /// <summary>Asked for by few, so that few ask the system for it.</summary>
    public override EndPoint? LocalEndPoint
    {
        get
        {
            Span<byte> address = stackalloc byte[PeerAddress.MostBytes];
            int length;
            lock (_socket.Gate)
            {
                length = _socket.IsClosed ? LoopSocket.Closed : EpollMethods.NameOf(_socket.Descriptor, address);
            }

            return length < 0 ? null : PeerAddress.Read(address[..Math.Min(length, address.Length)]);
        }
        set => throw new NotSupportedException();
    }

    /// <summary>What was sent and the client has not taken yet.</summary>
    public int UntakenBytes => Math.Max(0, Call(EpollMethods.Untaken)) + _socket.Output.Left;

    public override IFeatureCollection Features => _features ??= new FeatureCollection();

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public override IDuplexPipe Transport { get => _transport ?? this; set => _transport = value; }

    /// <remarks>Made where somebody asks for it; see <see cref="WhenEnded"/>.</remarks>
    public override CancellationToken ConnectionClosed
    {
        get
        {
            if (Volatile.Read(ref _closed) is { } made)
            {
                return made.Token;
            }

            var closed = new CancellationTokenSource();
            closed = Interlocked.CompareExchange(ref _closed, closed, null) ?? closed;
            if (Volatile.Read(ref _hasEnded) != 0)
            {
                closed.Cancel();
            }

            return closed.Token;
        }
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

    /// <summary>Has one caller told when nothing more comes, be it at once; it is told once.</summary>
    public void WhenEnded(Action<object> callback, object state)
    {
        _endedState = state;
        Interlocked.Exchange(ref _whenEnded, callback);
        if (Volatile.Read(ref _hasEnded) != 0)
        {
            TellEnded();
        }
    }

    /// <summary>Waits until everything that was flushed has left, or cannot any more.</summary>
    public ValueTask SettleAsync()
    {
        var settling = _writer.SettleAsync();
        return settling.IsCompletedSuccessfully ? default : UntilAsync(settling).AsValueTask();
    }

    /// <summary>Ends our side; what the client sends still comes.</summary>
    public void EndOutput() => _socket.Output.End();

    object ISocketUser.Reader => _reader;

    object? ISocketUser.Waiting => _reader.Waiting;

    void ISocketUser.ResumeReading() => _reader.Resume();

    void ISocketUser.ResumeWriting() => _writer.Resume();

    void ISocketUser.HungUp() => End();

    private static async FrameTask UntilAsync(ValueTask<FlushResult> settling) => await settling;

    private void End()
    {
        // Whoever wants to be told says so first, and then looks whether it has ended.
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            TellEnded();
            Volatile.Read(ref _closed)?.Cancel();
        }
    }

    private void TellEnded() => Interlocked.Exchange(ref _whenEnded, null)?.Invoke(_endedState!);

    private int Call(Func<int, int> what)
    {
        lock (_socket.Gate)
        {
            return _socket.IsClosed ? LoopSocket.Closed : what(_socket.Descriptor);
        }
    }
}
