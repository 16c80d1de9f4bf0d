using System.Net.Sockets;
using MiniLB.Async;
using MiniLB.Transport.Epoll;

namespace MiniLB.Transport;

/// <summary>The stream below a TLS connection, which knows whether the connection itself has ended.</summary>
/// <remarks>TLS says its own end (close_notify, RFC 8446 section 6.1), and <see
/// cref="System.Net.Security.SslStream"/> does not tell that from an end without one.</remarks>
internal sealed class EndWatch(Stream stream) : Stream
{
    // Written by the read, read by whoever has got its end from above.
    private volatile bool _hasEnded;

    public Socket? Socket => StreamEnd.SocketOf(stream);

    public EventLoop? Loop => (stream as LoopStream)?.Loop;

    public bool HasEnded => _hasEnded;

    /// <summary>True while what comes is for a handshake.</summary>
    public bool IsShakingHands { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = stream.ReadAsync(buffer, cancellationToken);
        if (buffer.IsEmpty)
        {
            return read; // waits for bytes and takes none
        }

        return read.IsCompletedSuccessfully ? new ValueTask<int>(Noted(read.Result)) : NoteAsync(read).AsValueTask();
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Noted(stream.Read(buffer, offset, count));

    public override ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        stream.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        stream.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => stream.Write(buffer, offset, count);

    public override void Flush()
    {
        // A socket holds nothing back.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stream.Dispose();
        }

        base.Dispose(disposing);
    }

    private async FrameTask<int> NoteAsync(ValueTask<int> read) => Noted(await read);

    private int Noted(int count)
    {
        _hasEnded |= count == 0;
        if (IsShakingHands)
        {
            // Which takes longer than a round of small answers, and they are not to wait for it.
            EventLoop.Current?.Batch.Send();
        }

        return count;
    }
}
