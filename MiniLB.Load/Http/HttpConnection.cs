using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace MiniLB.Load.Http;

/// <summary>One connection and one exchange on it at a time.</summary>
/// <remarks>It reads what it must to find the end of an answer and no more: the load is to cost less than what it
/// measures.</remarks>
internal sealed class HttpConnection : IDisposable
{
    private const int BufferBytes = 16 * 1024;
    private const int MostHeadBytes = 256 * 1024;

    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly BackendNames _names;
    private byte[] _buffer = new byte[BufferBytes];
    private int _from;
    private int _to;
    private long _deadline;

    private HttpConnection(Socket socket, Stream stream, BackendNames names)
    {
        _socket = socket;
        _stream = stream;
        _names = names;
    }

    /// <summary>How many exchanges it has had.</summary>
    public int Exchanges { get; private set; }

    /// <summary>When the exchange that it is in must have ended, in milliseconds of <see
    /// cref="Environment.TickCount64"/>; 0 between exchanges. Written by who uses the connection, read by who ends
    /// exchanges that are late.</summary>
    public long Deadline { get => Volatile.Read(ref _deadline); set => Volatile.Write(ref _deadline, value); }

    /// <summary>True once it was closed because an exchange was late.</summary>
    public bool IsLate { get; private set; }

    /// <summary>True where not one byte of the current answer has come.</summary>
    public bool IsUnanswered { get; private set; }

    public static async ValueTask<HttpConnection> ConnectAsync(
        HttpTarget target, BackendNames names, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target.EndPoint, cancellationToken);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (target.IsTls)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions { TargetHost = target.Host }, cancellationToken);
                stream = tls;
            }

            return new HttpConnection(socket, stream, names);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request and takes the whole answer.</summary>
    /// <exception cref="IOException">The connection broke off.</exception>
    /// <exception cref="InvalidDataException">What came is no answer.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<HttpAnswer> ExchangeAsync(HttpRequest request)
    {
        IsUnanswered = true;
        Exchanges++;
        await _stream.WriteAsync(request.Bytes);
        while (true)
        {
            var end = await ReadHeadAsync();
            var (answer, framing) = ParseHead(end, request.IsHead);
            _from = end;
            if (answer.Status is >= 100 and < 200 and not 101)
            {
                continue;
            }

            var body = framing switch
            {
                Framing.None => 0,
                Framing.Length => await SkipAsync(answer.BodyBytes),
                Framing.Chunked => await SkipChunksAsync(),
                _ => await SkipToTheEndAsync(),
            };
            return answer with { BodyBytes = body };
        }
    }

    /// <summary>Ends what it is in the middle of, which then fails.</summary>
    public void EndLate()
    {
        IsLate = true;
        _socket.Dispose();
    }

    public void Dispose() => _stream.Dispose();

    private async ValueTask<int> ReadHeadAsync()
    {
        var searched = 0;
        while (true)
        {
            var at = _buffer.AsSpan(_from + searched, _to - _from - searched).IndexOf("\r\n\r\n"u8);
            if (at >= 0)
            {
                return _from + searched + at + 4;
            }

            searched = Math.Max(0, _to - _from - 3);
            await FillAsync();
        }
    }

    private (HttpAnswer Answer, Framing Framing) ParseHead(int end, bool isHead)
    {
        var head = AnswerHead.Parse(_buffer.AsSpan(_from, end - _from - 4), _names.Field);
        var framing = isHead || head.Status is < 200 or 204 or 304 ? Framing.None
            : head.IsChunked ? Framing.Chunked
            : head.Length >= 0 ? Framing.Length
            : Framing.UntilTheEnd;
        return (
            new HttpAnswer(
                head.Status, _names.Of(head.Backend), head.Length, head.IsKept && framing != Framing.UntilTheEnd),
            framing);
    }

    private async ValueTask<long> SkipAsync(long bytes)
    {
        for (var left = bytes; ;)
        {
            var count = (int)Math.Min(left, _to - _from);
            _from += count;
            left -= count;
            if (left == 0)
            {
                return bytes;
            }

            await FillAsync();
        }
    }

    private async ValueTask<long> SkipChunksAsync()
    {
        long bytes = 0;
        while (true)
        {
            var size = ChunkSize(await ReadLineAsync());
            if (size == 0)
            {
                // Trailers end with an empty line.
                while ((await ReadLineAsync()).Length > 0)
                {
                }

                return bytes;
            }

            bytes += await SkipAsync(size);
            if ((await ReadLineAsync()).Length > 0)
            {
                throw new InvalidDataException("a chunk is longer than it says");
            }
        }
    }

    private async ValueTask<long> SkipToTheEndAsync()
    {
        long bytes = _to - _from;
        int count;
        while ((count = await _stream.ReadAsync(_buffer)) > 0)
        {
            bytes += count;
        }

        return bytes;
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadLineAsync()
    {
        while (true)
        {
            var at = _buffer.AsSpan(_from, _to - _from).IndexOf("\r\n"u8);
            if (at >= 0)
            {
                var line = _buffer.AsMemory(_from, at);
                _from += at + 2;
                return line;
            }

            await FillAsync();
        }
    }

    private static long ChunkSize(ReadOnlyMemory<byte> line)
    {
        var digits = line.Span;
        var end = digits.IndexOf((byte)';');
        digits = (end < 0 ? digits : digits[..end]).Trim((byte)' ');
        return long.TryParse(digits, System.Globalization.NumberStyles.AllowHexSpecifier,
            System.Globalization.CultureInfo.InvariantCulture, out var size) && size >= 0
            ? size
            : throw new InvalidDataException("a chunk has no size");
    }

    /// <summary>Reads more behind what is there, which moves to the front.</summary>
    private async ValueTask FillAsync()
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            (_from, _to) = (0, _to - _from);
        }

        if (_to == _buffer.Length)
        {
            if (_buffer.Length >= MostHeadBytes)
            {
                throw new InvalidDataException($"a head or line is longer than {MostHeadBytes} bytes");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var count = await _stream.ReadAsync(_buffer.AsMemory(_to));
        if (count == 0)
        {
            throw new EndOfStreamException("the connection ended in the middle of an answer");
        }

        IsUnanswered = false;
        _to += count;
    }

    private enum Framing
    {
        None,
        Length,
        Chunked,
        UntilTheEnd,
    }
}
