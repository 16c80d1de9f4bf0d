using MiniLB.Transport;
using MiniLB.Wire;

namespace MiniLB.BackgroundLoops.Health;

/// <summary>The answer to a probe in HTTP/1.1, read as strictly as one that a client is to get: what clients could not
/// be given is not health.</summary>
/// <param name="from">The connection.</param>
/// <param name="limits">How large its head may be.</param>
/// <param name="isOfHead">True where HEAD was asked.</param>
internal sealed class ProbeAnswer(Stream from, HeadLimits limits, bool isOfHead)
{
    private readonly ResponseHead _head = new();
    private ReceiveBuffer _received = new(isRented: true);
    private ChunkedDecoder? _chunks;

    /// <summary>Passes over interim answers.</summary>
    /// <exception cref="IOException">The connection broke or ended, or what came is no answer.</exception>
    public async ValueTask<int> ReadStatusAsync(CancellationToken cancellationToken)
    {
        do
        {
            while (!TryReadHead())
            {
                if (!await ReceiveAsync(cancellationToken))
                {
                    throw new IOException(_received.IsEmpty
                        ? "it has closed the connection without an answer"
                        : "it has closed the connection amid its answer");
                }
            }
        }
        while (_head.IsInterim && _head.Status != 101);

        return _head.Status == 101 ? throw new IOException("it switches protocols, unasked") : _head.Status;
    }

    /// <summary>Reads until the room is full or the body ends.</summary>
    /// <returns>How many bytes of it there are.</returns>
    /// <exception cref="IOException">The connection broke, the body ended early, or its framing is
    /// unsound.</exception>
    public async ValueTask<int> ReadBodyAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        if (_head.Framing == BodyFraming.Chunked)
        {
            _chunks = new ChunkedDecoder();
            _chunks.Begin(limits);
        }

        var most = _head.Framing switch
        {
            BodyFraming.None => 0,
            BodyFraming.Length => (int)Math.Min(_head.ContentLength!.Value, into.Length),
            _ => into.Length,
        };
        var length = 0;
        while (length < most && _chunks is not { IsDone: true })
        {
            if (_received.IsEmpty && !await ReceiveAsync(cancellationToken))
            {
                return _head.Framing == BodyFraming.UntilClose
                    ? length
                    : throw new IOException("it has closed the connection amid the body");
            }

            length += Take(into.Span[length..most]);
        }

        return length;
    }

    /// <summary>Gives back what it holds; not to be called while a read may be under way.</summary>
    public void LetGo()
    {
        _head.Fields.LetGo();
        _received.Consume(_received.Received.Length);
    }

    private int Take(Span<byte> into)
    {
        var data = _received.Received;
        var consumed = Math.Min(data.Length, into.Length);
        if (_chunks is not null)
        {
            data = _chunks.Decode(data, out consumed);
            ThrowIf(_chunks.Error);
        }

        var taken = Math.Min(data.Length, into.Length);
        data[..taken].CopyTo(into);
        _received.Consume(consumed);
        return taken;
    }

    /// <returns>False where more of it must come.</returns>
    private bool TryReadHead()
    {
        var length = FieldLines.HeadLength(_received.Received);
        if (!limits.AllowsBytes(length < 0 ? _received.Received.Length : length))
        {
            ThrowIf(WireError.HeadTooLarge);
        }

        if (length < 0)
        {
            ThrowIf(ResponseHeadParser.IsHopeless(_received.Received) ? WireError.StartLine : WireError.None);
            return false;
        }

        _head.Clear();
        ThrowIf(ResponseHeadParser.Parse(_received.Received[..length], limits, isOfHead, _head));
        _received.Consume(length);
        return true;
    }

    private async ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        var count = await from.ReadAsync(_received.Room(), cancellationToken);
        _received.Add(count);
        return count > 0;
    }

    private static void ThrowIf(WireError error)
    {
        if (error != WireError.None)
        {
            throw new IOException($"its answer is no sound HTTP/1.1 ({error})");
        }
    }
}
