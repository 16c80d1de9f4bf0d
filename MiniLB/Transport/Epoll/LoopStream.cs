using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using MiniLB.Async;

namespace MiniLB.Transport.Epoll;

/// <summary>A connection that we have made, as a stream: one read and one write at a time.</summary>
internal sealed class LoopStream : Stream, ISocketUser, IBackendStream
{
    private readonly LoopSocket _socket;
    private readonly LoopRead _read;
    private readonly LoopWrite _write;
    private Action? _closed;
    private int _isDisposed;

    private LoopStream(Socket socket, EventLoop loop)
    {
        Socket = socket;
        _socket = new LoopSocket(socket, loop, this);
        (_read, _write) = (new LoopRead(_socket), new LoopWrite(_socket));
    }

    public Socket Socket { get; }

    public EventLoop Loop => _socket.Loop;

    /// <summary>Null where nobody is told but the one who waits.</summary>
    public IReceiver? Receiver
    {
        set => _read.Receiver = value;
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <remarks>.NET would go on watching a socket that it has connected: two threads would wake at each
    /// event.</remarks>
    /// <exception cref="SocketException">It cannot be connected.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public static async Task<LoopStream> ConnectAsync(
        IPEndPoint to, EventLoop loop, CancellationToken cancellationToken)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            (socket.Blocking, socket.NoDelay) = (false, true);
            Begin(socket, to.Serialize());
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var stream = new LoopStream(socket, loop);
        try
        {
            // Not watched before: until the call to connect it counts as hung up.
            stream._socket.Watch();
            await stream._write.ConnectAsync(cancellationToken);
            var error = (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
            return error == 0 ? stream : throw new SocketException(error);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads to where the receiver wants it.</summary>
    /// <returns>How many bytes came; 0 at the end.</returns>
    public ValueTask<int> ReceiveAsync() => _read.RunAsync();

    /// <summary>True where more has been received than was taken.</summary>
    public bool HasInput => _socket.MayReceive;

    /// <summary>True where something that was written could not be sent.</summary>
    public bool HasSendFailed => _socket.Output.HasFailed;

    /// <summary>Waits until what was written has left, or cannot any more, and ends our side.</summary>
    public async FrameTask EndOutputAsync()
    {
        await _write.SettleAsync();
        _socket.Output.End();
    }

    /// <summary>Moves what was received; see <see cref="SplicePipe.Fill"/>.</summary>
    public int Fill(SplicePipe pipe, long most) => pipe.Fill(_socket, most);

    /// <inheritdoc/>
    public void Count(Action opened, Action closed)
    {
        opened();
        _closed = closed;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.CanBeCanceled ? _read.RunUntilAsync(buffer, cancellationToken) : _read.RunAsync(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.CanBeCanceled ? _write.RunUntilAsync(buffer, cancellationToken) : _write.RunAsync(buffer);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
        // A socket holds nothing back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    object ISocketUser.Reader => _read;

    object? ISocketUser.Waiting => _read.Waiting;

    void ISocketUser.ResumeReading() => _read.Resume();

    void ISocketUser.ResumeWriting() => _write.Resume();

    void ISocketUser.HungUp()
    {
        // Its next read finds out.
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _socket.Close();
            _closed?.Invoke();
        }

        base.Dispose(disposing);
    }

    private static void Begin(Socket socket, SocketAddress to)
    {
        if (EpollMethods.Connect((int)socket.Handle, to.Buffer.Span[..to.Size], (uint)to.Size) != 0
            && Marshal.GetLastPInvokeError() is var error and not EpollMethods.InProgress)
        {
            throw SocketErrors.Of(error);
        }
    }
}
