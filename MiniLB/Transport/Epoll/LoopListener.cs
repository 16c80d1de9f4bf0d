using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using MiniLB.Async;

namespace MiniLB.Transport.Epoll;

/// <summary>Waits on an event loop for connections to a listening socket.</summary>
internal sealed class LoopListener : ISocketUser, IValueTaskSource
{
    // Clients who connect faster than they are accepted must leave the thread to those who are connected.
    private const int MostInOneRound = 64;

    private readonly LoopSocket _socket;
    private readonly EventLoops _loops;
    private Turn _turn;

    // The descriptor may be another's from then on.
    private bool _hasLeft;
    private ManualResetValueTaskSourceCore<bool> _accept;

    /// <param name="socket">Listens; not blocking from now on.</param>
    /// <param name="loops">Watch it, and what it accepts.</param>
    /// <exception cref="SocketException">The system cannot watch it.</exception>
    public LoopListener(Socket socket, EventLoops loops)
    {
        socket.Blocking = false;
        if (socket.ProtocolType == ProtocolType.Tcp)
        {
            socket.NoDelay = true; // which its connections inherit
        }

        _loops = loops;
        _socket = new LoopSocket(socket, loops.Idlest, this);
        _socket.Watch();
    }

    /// <returns>A connection, or null where the one that was told of has gone to another process.</returns>
    /// <exception cref="SocketException">It cannot be accepted.</exception>
    /// <exception cref="OperationCanceledException">Nobody is to be waited for any longer.</exception>
    public async FrameTask<LoopConnection?> AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_socket.TakesInput())
            {
                await TurnAsync();
                return Accept();
            }

            _accept.Reset();
            if (_socket.WaitsForInput())
            {
                await using var left = cancellationToken.UnsafeRegister(
                    static s => ((LoopSocket)s!).WakeReader(), _socket);
                await new ValueTask(this, _accept.Version);
            }
        }
    }

    /// <summary>Is not to be told anything any more: other processes may go on with the socket.</summary>
    public void Leave()
    {
        lock (_socket.Gate)
        {
            _hasLeft = true;
            _socket.Unwatch();
        }
    }

    void ISocketUser.ResumeReading() => _accept.SetResult(true);

    void ISocketUser.ResumeWriting()
    {
        // A listening socket writes nothing.
    }

    void ISocketUser.HungUp()
    {
        // It was shut down here.
    }

    void IValueTaskSource.GetResult(short token) => _accept.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _accept.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _accept.OnCompleted(continuation, state, token, flags);

    /// <summary>Waits for the next round where there were enough in this one.</summary>
    private ValueTask TurnAsync()
    {
        var loop = _socket.Loop;
        if (!loop.IsCurrent || !_turn.IsOver(loop, MostInOneRound))
        {
            return default;
        }

        _accept.Reset();
        loop.Post(static l => ((LoopListener)l)._accept.SetResult(true), this);
        return new ValueTask(this, _accept.Version);
    }

    private LoopConnection? Accept()
    {
        Span<byte> address = stackalloc byte[PeerAddress.MostBytes];
        var (outcome, length) = (LoopSocket.Closed, 0);
        lock (_socket.Gate)
        {
            if (!_hasLeft)
            {
                outcome = EpollMethods.Accept(_socket.Descriptor, address, out length);
            }
        }

        if (outcome == -EpollMethods.TryAgain)
        {
            return null;
        }

        // There may be more, or the same error once more.
        _socket.HasMoreInput();
        if (outcome < 0)
        {
            throw outcome == LoopSocket.Closed
                ? new SocketException((int)SocketError.OperationAborted)
                : SocketErrors.Of(-outcome);
        }

        return new LoopConnection(
            outcome, PeerAddress.Read(address[..Math.Min(length, address.Length)]), _loops.Idlest);
    }
}
