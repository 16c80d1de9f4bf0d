using MiniLB.Wire.Http2;

namespace MiniLB.RequestPath.Accept.Http2;

/// <summary>The streams of one connection, and what clients may send on them (RFC 9113 sections 5.1 and 5.2). All of it
/// with the connection's gate, but for what only the reading of frames uses.</summary>
internal sealed class Http2Streams
{
    // Streams that were reset here while the client was still sending; what comes for them is no error. The oldest is
    // forgotten.
    private const int MostForgotten = 64;

    // A connection that was busy once need not keep all that it had.
    private const int MostFree = 32;

    private readonly Dictionary<int, Http2Stream> _open = [];
    private readonly Stack<Http2Exchange> _free = new();
    private readonly Http2FrameWriter _frames;
    private int[]? _forgotten;
    private int _forgottenCount;
    private int _left;
    private int _untold;
    private bool _isClosed;

    /// <param name="most">At once.</param>
    /// <param name="windows">Bytes that may come before they are taken, in all and for each stream.</param>
    /// <param name="frames">By which the client is told that more may come.</param>
    public Http2Streams(int most, (int Connection, int Stream) windows, Http2FrameWriter frames)
    {
        _frames = frames;
        (Most, Window, ConnectionWindow) = (most, windows.Stream, windows.Connection);
        _left = Math.Max(windows.Connection, Http2Sending.FirstWindow);
    }

    public int Most { get; }

    public int Window { get; }

    public int ConnectionWindow { get; }

    /// <summary>Those whose exchange has not ended, whatever became of them.</summary>
    public int Count => _open.Count;

    public IEnumerable<Http2Stream> Open => _open.Values;

    /// <summary>The last one that the client has opened.</summary>
    public int Last { get; set; }

    /// <summary>The last one that was served.</summary>
    public int LastServed { get; private set; }

    /// <summary>True once the client need not be told any more what it may send.</summary>
    public bool IsOver { get; set; }

    public Http2Stream? Find(int id) => _open.GetValueOrDefault(id);

    public bool TryAdd(int id, Http2Stream stream, int sendWindow, bool hasClientEnded)
    {
        if (_open.Count >= Most)
        {
            return false;
        }

        stream.Begin(id, sendWindow, Window, hasClientEnded);
        _open.Add(id, stream);
        LastServed = id;
        return true;
    }

    /// <summary>Those that were answered so far.</summary>
    public int Answered { get; private set; }

    /// <summary>Its exchange has ended.</summary>
    public void Remove(Http2Exchange exchange)
    {
        Answered += exchange.HasStarted ? 1 : 0;
        _open.Remove(exchange.Stream.Id);
        if (_isClosed || _free.Count == MostFree || !exchange.CanBeUsedAgain)
        {
            exchange.Timer.Close();
        }
        else
        {
            lock (_free)
            {
                _free.Push(exchange);
            }
        }
    }

    /// <returns>One that can be used again; null where there is none.</returns>
    public Http2Exchange? Free()
    {
        while (TryPop() is { } exchange)
        {
            // For good: it may have gone at the moment in which the exchange ended.
            if (!exchange.Timer.IsClientGone)
            {
                return exchange;
            }

            exchange.Timer.Close();
        }

        return null;
    }

    /// <summary>Breaks a stream off, and tells the client.</summary>
    public void Reset(Http2Stream stream, ErrorCode code, Http2Sending sending)
    {
        if (!stream.IsClosed)
        {
            _frames.WriteReset(stream.Id, code);
            Forget(stream.Id);
            sending.Close(stream);
        }
    }

    /// <summary>What comes for the stream from now on is no error.</summary>
    public void Forget(int id)
    {
        _forgotten ??= new int[MostForgotten];
        _forgotten[_forgottenCount++ % MostForgotten] = id;
    }

    public bool WasForgotten(int id) => _forgotten is not null && Array.IndexOf(_forgotten, id) >= 0;

    /// <summary>Counts what has come on a stream against its window and the connection's.</summary>
    /// <returns>What is wrong with that, if anything.</returns>
    /// <exception cref="Http2Exception">The connection's window did not allow it.</exception>
    public ErrorCode Receive(int id, Http2Stream? stream, int bytes)
    {
        _left -= bytes;
        Http2Exception.ThrowUnless(_left >= 0, ErrorCode.FlowControl, "more than the window allows");
        if (stream is { IsClosed: false, HasClientEnded: false } && stream.ReceiveWindow >= bytes)
        {
            stream.ReceiveWindow -= bytes;
            return ErrorCode.None;
        }

        Consume(bytes);
        return stream is { IsClosed: true } || WasForgotten(id) ? ErrorCode.None
            : stream is { HasClientEnded: false } ? ErrorCode.FlowControl
            : ErrorCode.StreamClosed;
    }

    /// <summary>So many bytes were taken, of whatever stream: the client may send as many more once that is worth a
    /// frame.</summary>
    public void Consume(int bytes)
    {
        _untold += bytes;
        if (_untold > ConnectionWindow / 2 && !IsOver)
        {
            _frames.WriteWindow(0, _untold);
            _left += _untold;
            _untold = 0;
        }
    }

    /// <summary>The same for a stream and the connection.</summary>
    public void Consume(Http2Stream stream, int bytes)
    {
        Consume(bytes);
        stream.Untold += bytes;
        if (stream.Untold > Window / 2 && !stream.HasClientEnded && !stream.IsClosed && !IsOver)
        {
            _frames.WriteWindow(stream.Id, stream.Untold);
            stream.ReceiveWindow += stream.Untold;
            stream.Untold = 0;
        }
    }

    private Http2Exchange? TryPop()
    {
        lock (_free)
        {
            return _free.TryPop(out var exchange) ? exchange : null;
        }
    }

    /// <summary>No other stream is opened.</summary>
    public void Close()
    {
        _isClosed = true;
        foreach (var exchange in _free)
        {
            exchange.Timer.Close();
        }

        _free.Clear();
    }
}
