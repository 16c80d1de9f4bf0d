using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using MiniLB.Async;
using MiniLB.Config.Options;
using MiniLB.Transport.Epoll;

namespace MiniLB.Transport;

/// <summary>One connection to a backend: what has been received and not used yet, and what is about to be
/// sent.</summary>
/// <remarks>One reader and one writer at a time. While it is kept idle a read is pending, so that its end is known
/// before a request is put on it. Whoever wants to end a pending read or write aborts the connection.</remarks>
[SuppressMessage("Reliability", "CA2012", Justification = "the read ahead is a field so that it outlives the exchange")]
internal sealed class BackendConnection : IReceiver, IDisposable
{
    private readonly Stream _stream;
    private ReceiveBuffer _received;
    private ValueTask<int> _ahead;
    private bool _isAhead;
    private int _disposed;

    // Written by the sender, read by whoever reads the answer beside it.
    private volatile bool _hasSendFailed;

    // Written by the sender, read by whoever closes.
    private volatile bool _owesRequest;

    public BackendConnection(Stream stream, long now)
    {
        (_stream, OpenedAt, Loop) = (stream, now, (stream as BackendTlsStream)?.Loop);
        if (stream is LoopStream onLoop)
        {
            onLoop.Receiver = this;
            Loop = onLoop.Loop;
            IsOnLoop = true;
        }

        _received = new ReceiveBuffer(isRented: IsOnLoop);
    }

    public long OpenedAt { get; }

    /// <summary>What it was secured by; null where it is a plain one.</summary>
    public BackendTlsOptions? Tls => (_stream as BackendTlsStream)?.Options;

    /// <summary>When it was last kept; milliseconds.</summary>
    public long IdleSince { get; private set; }

    /// <summary>True where it has carried a request before.</summary>
    public bool IsReused => IdleSince != 0;

    /// <summary>True where its peer knows the client by this connection (NTLM, Negotiate).</summary>
    public bool IsPersonal { get; set; }

    /// <summary>The PROXY header that it began with, which makes it one client's; empty where there was none.</summary>
    public ReadOnlyMemory<byte> Introduction { get; init; }

    /// <summary>Bytes received and not used yet.</summary>
    public ReadOnlySpan<byte> Received => _received.Received;

    /// <summary>What <see cref="SendAsync"/> sends next.</summary>
    public SendBuffer Output { get; } = new();

    /// <summary>True once a send has failed. What broke the connection was told to that send, so that a read may find
    /// an end where there was a reset.</summary>
    public bool HasSendFailed => _hasSendFailed || _stream is LoopStream { HasSendFailed: true };

    /// <summary>True while a request is on it of which something is still to be sent.</summary>
    public bool OwesRequest
    {
        get => _owesRequest;
        set => _owesRequest = value;
    }

    /// <summary>True where its end came below TLS, which has not said its own: what came before may lack
    /// something.</summary>
    public bool WasCutOff { get; private set; }

    public bool IsAborted => Volatile.Read(ref _disposed) != 0;

    /// <summary>Watches it, also below TLS; null where .NET does.</summary>
    public EventLoop? Loop { get; }

    // Else its stream is TLS, or .NET's.
    private bool IsOnLoop { get; }

    public void Consume(int count) => _received.Consume(count);

    /// <summary>Makes room for long bodies.</summary>
    public void ExpectMuch() => _received.ExpectMuch();

    /// <summary>Receives more behind what was received before.</summary>
    /// <returns>How many bytes came; 0 at the connection's end.</returns>
    /// <exception cref="IOException">The connection broke, or was aborted.</exception>
    public ValueTask<int> ReceiveAsync()
    {
        var read = _ahead;
        if (!_isAhead)
        {
            read = Read();
        }

        _isAhead = false;
        _ahead = default;
        return IsOnLoop ? read // which has told us
            : read.IsCompletedSuccessfully ? new ValueTask<int>(Arrived(read.Result))
            : FinishAsync(read).AsValueTask();
    }

    /// <summary>True where the system can move what comes next, and something has come.</summary>
    public bool CanFill => _received.IsEmpty && !_isAhead && _stream is LoopStream { HasInput: true };

    /// <summary>Moves what has come; see <see cref="SplicePipe.Fill"/>.</summary>
    public int Fill(SplicePipe pipe, long most) => ((LoopStream)_stream).Fill(pipe, most);

    /// <summary>Sends the output and empties it.</summary>
    /// <exception cref="IOException">The connection broke, or was aborted.</exception>
    public async FrameTask SendAsync()
    {
        try
        {
            await _stream.WriteAsync(Output.Written);
            await _stream.FlushAsync();
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException or IOException)
        {
            throw SendFailed(e);
        }

        Output.Clear();
    }

    /// <summary>Sends bytes that are somebody else's; the output must be empty.</summary>
    /// <exception cref="IOException">The connection broke, or was aborted.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _stream.WriteAsync(bytes);
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException or IOException)
        {
            throw SendFailed(e);
        }
    }

    /// <summary>Ends the sending side; the backend may go on answering.</summary>
    public ValueTask EndOutputAsync() => StreamEnd.OutputAsync(_stream);

    /// <summary>Ends both directions with an end, where closing while a read is pending would reset.</summary>
    public void EndBoth() => StreamEnd.Both(_stream);

    /// <summary>Begins to wait for its end while it is kept.</summary>
    /// <returns>False where it has ended already, or said something that nobody asked for.</returns>
    public bool TryKeep(long since)
    {
        if (!_received.IsEmpty || IsAborted)
        {
            return false;
        }

        IdleSince = since;
        _received.Rest();
        _ahead = Read();
        _isAhead = true;
        return !_ahead.IsCompleted;
    }

    /// <summary>True while nothing has come on a kept connection, not even its end.</summary>
    public bool IsQuiet => _isAhead && !_ahead.IsCompleted && !IsAborted;

    /// <summary>Closes a kept connection with an end. Closing it while its read is pending would reset it, and backends
    /// log resets.</summary>
    public void Retire()
    {
        if (_isAhead && !IsAborted && StreamEnd.SocketOf(_stream) is not null)
        {
            _isAhead = false;
            _ = RetireAsync(_ahead);
        }
        else
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            if (OwesRequest)
            {
                StreamEnd.ResetWhatIsStuck(_stream);
            }

            _stream.Dispose();
        }
    }

    private async Task RetireAsync(ValueTask<int> ahead)
    {
        try
        {
            EndBoth();
            await ahead;
        }
        catch (Exception e) when (e is SocketException or IOException or InvalidOperationException)
        {
            // It has ended already.
        }

        Dispose();
    }

    /// <inheritdoc/>
    public Span<byte> Room() => _received.Room().Span;

    private ValueTask<int> Read()
    {
        if (_stream is LoopStream onLoop)
        {
            return onLoop.ReceiveAsync();
        }

        try
        {
            return _stream.ReadAsync(_received.Room());
        }
        catch (ObjectDisposedException e)
        {
            return ValueTask.FromException<int>(new IOException(e.Message, e));
        }
    }

    private IOException SendFailed(Exception cause)
    {
        _hasSendFailed = true;
        return cause as IOException ?? new IOException(cause.Message, cause);
    }

    /// <inheritdoc/>
    public int Arrived(int count)
    {
        // Closing our own end wakes a pending read with an end that the backend never sent.
        if (count == 0 && IsAborted)
        {
            throw new IOException("the exchange was ended");
        }

        WasCutOff |= count == 0 && _stream is BackendTlsStream { EndedBelow: true };
        _received.Add(count);
        return count;
    }

    private async FrameTask<int> FinishAsync(ValueTask<int> read)
    {
        try
        {
            return Arrived(await read);
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            throw new IOException(e.Message, e);
        }
    }
}
