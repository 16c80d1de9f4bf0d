using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace MiniLB.Transport;

/// <summary>The bytes of one backend connection, and the exact word on what a broken exchange had come to.</summary>
/// <remarks>HTTP/1.1 without pipelining alternates: a write begins a request, the next byte read begins its answer. In
/// between an end of the connection is a <see cref="BackendClosedException"/>; at any other time it is an end.
/// Used by one reader and one writer at a time.</remarks>
internal sealed class BackendStream : Stream
{
    private readonly Socket? _socket;
    private readonly Stream? _tls;

    // Written by the writer when a request begins, by the reader when its answer begins.
    private volatile bool _awaitsAnswer;
    private volatile bool _hasEnded;
    private volatile bool _hasAnswered;

    // Set where an answer was in HTTP/1.0: the backend may close after it without a word, so that a second request
    // could
    // cross its end (RFC 9112 section 9.3). SocketsHttpHandler keeps such a connection all the same.
    private volatile bool _isLast;

    public BackendStream(Socket socket) => _socket = socket;

    public BackendStream(Stream tls) => _tls = tls;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = _socket is not null
            ? _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken)
            : _tls!.ReadAsync(buffer, cancellationToken);
        return FinishReadAsync(read, buffer);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var begins = !_awaitsAnswer;
        _awaitsAnswer = true;
        // The reader writes the end first and then looks whether an answer is awaited: one of the two sees the other.
        Interlocked.MemoryBarrier();
        if (_hasEnded || (_isLast && begins))
        {
            return ValueTask.FromException(new BackendClosedException(sent: !begins, _hasAnswered, null));
        }

        return SendAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        _tls?.FlushAsync(cancellationToken) ?? Task.CompletedTask;

    public override void Flush() => _tls?.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _socket?.Dispose();
            _tls?.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Arrived(ReadOnlySpan<byte> bytes)
    {
        if (_awaitsAnswer && bytes.StartsWith("HTTP/1.0"u8))
        {
            _isLast = true;
        }

        _awaitsAnswer = false;
        _hasAnswered = true;
        return bytes.Length;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FinishReadAsync(ValueTask<int> read, Memory<byte> buffer)
    {
        int bytes;
        try
        {
            bytes = await read;
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            _hasEnded = true;
            Interlocked.MemoryBarrier();
            throw _awaitsAnswer ? Closed(e) : new IOException(e.Message, e);
        }

        if (bytes > 0)
        {
            return Arrived(buffer.Span[..bytes]);
        }

        if (buffer.IsEmpty)
        {
            return 0; // only waited until something could be read
        }

        _hasEnded = true;
        Interlocked.MemoryBarrier();
        return _awaitsAnswer ? throw Closed(null) : 0;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            if (_socket is null)
            {
                await _tls!.WriteAsync(buffer, cancellationToken);
                return;
            }

            // One call sends all of it: the socket loops over partial sends itself (SendAsync of a stream socket).
            await _socket.SendAsync(buffer, SocketFlags.None, cancellationToken);
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            _hasEnded = true;
            throw Closed(e);
        }
    }

    private BackendClosedException Closed(Exception? cause) => new(sent: true, _hasAnswered, cause);
}
