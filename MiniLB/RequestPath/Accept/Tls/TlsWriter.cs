using System.Buffers;
using System.IO.Pipelines;
using MiniLB.Config;
using MiniLB.Transport.Epoll;
using MiniLB.Transport.OpenSsl;

namespace MiniLB.RequestPath.Accept.Tls;

/// <summary>Says something to a client through TLS. A flush is over when that of the connection is.</summary>
internal sealed class TlsWriter : PipeWriter
{
    // A head and a small body fit in.
    private const int Small = 4 * 1024;

    // Four records (RFC 8446 section 5.1), which add some 100 bytes.
    private const int MostAtOnce = MemoryPlan.LongPiece;

    private readonly PipeWriter _output;
    private readonly SslSession _session;
    private readonly SslSession.Sending _send;
    private byte[] _buffer = [];
    private int _end;
    private bool _isGone;

    /// <param name="output">What leaves on the connection.</param>
    /// <param name="session">Encrypts it.</param>
    public TlsWriter(PipeWriter output, SslSession session)
    {
        (_output, _session) = (output, session);
        _send = output is LoopWriter onLoop ? onLoop.Send : bytes => _output.Write(bytes);
    }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _end;

    /// <summary>Puts out what OpenSSL has to say, beside what is written here.</summary>
    public SslSession.Sending Send => _send;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)(_buffer.Length - _end), nameof(bytes));
        _end += bytes;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsMemory(_end);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsSpan(_end);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Encrypt(_buffer.AsSpan(0, _end));
        Release();
        return _isGone
            ? new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: true))
            : _output.FlushAsync(cancellationToken);
    }

    public override ValueTask<FlushResult> WriteAsync(
        ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        Encrypt(_buffer.AsSpan(0, _end));
        Release();
        Encrypt(source.Span);
        return FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => _output.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => Release();

    private void Encrypt(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty && !_isGone)
        {
            var piece = data[..Math.Min(data.Length, MostAtOnce)];
            _isGone = !_session.TryWrite(piece, _send);
            data = data[piece.Length..];
        }
    }

    private void MakeRoom(int wanted)
    {
        wanted = Math.Max(wanted, 1);
        if (_buffer.Length - _end < wanted)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Small, Math.Max(_buffer.Length * 2, _end + wanted)));
            _buffer.AsSpan(0, _end).CopyTo(larger);
            var end = _end;
            Release();
            (_buffer, _end) = (larger, end);
        }
    }

    private void Release()
    {
        _end = 0;
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
