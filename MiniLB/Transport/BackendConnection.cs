using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace MiniLB.Transport;

/// <summary>One connection to a backend: what has been received and not used yet, and what is about to be
/// sent.</summary>
/// <remarks>One reader and one writer at a time. While it is kept idle a read is pending, so that its end is known
/// before a request is put on it. Whoever wants to end a pending read or write aborts the connection.</remarks>
[SuppressMessage("Reliability", "CA2012", Justification = "the read ahead is a field so that it outlives the exchange")]
internal sealed class BackendConnection(Stream stream, long now) : IDisposable
{
    private const int SmallBuffer = 8 * 1024;
    private const int LargeBuffer = 64 * 1024;

    private byte[] _received = new byte[SmallBuffer];
    private int _start;
    private int _end;
    private ValueTask<int> _ahead;
    private bool _isAhead;
    private int _disposed;

    // Written by the sender, read by whoever reads the answer beside it.
    private volatile bool _hasSendFailed;

    // Written by the sender, read by whoever closes.
    private volatile bool _owesRequest;

    public long OpenedAt { get; } = now;

    /// <summary>When it was last kept; milliseconds.</summary>
    public long IdleSince { get; private set; }

    /// <summary>True where it has carried a request before.</summary>
    public bool IsReused => IdleSince != 0;

    /// <summary>True where its peer knows the client by this connection (NTLM, Negotiate).</summary>
    public bool IsPersonal { get; set; }

    /// <summary>Bytes received and not used yet.</summary>
    public ReadOnlySpan<byte> Received => _received.AsSpan(_start, _end - _start);

    /// <summary>What <see cref="SendAsync"/> sends next.</summary>
    public SendBuffer Output { get; } = new();

    /// <summary>True once a send has failed. What broke the connection was told to that send, so that a read may find
    /// an end where there was a reset.</summary>
    public bool HasSendFailed => _hasSendFailed;

    /// <summary>True while a request is on it of which something is still to be sent.</summary>
    public bool OwesRequest
    {
        get => _owesRequest;
        set => _owesRequest = value;
    }

    public bool IsAborted => Volatile.Read(ref _disposed) != 0;

    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
        {
            _start = _end = 0;
        }
    }

    /// <summary>Makes room for long bodies.</summary>
    public void ExpectMuch()
    {
        if (_received.Length < LargeBuffer)
        {
            Array.Resize(ref _received, LargeBuffer);
        }
    }

    /// <summary>Receives more behind what was received before.</summary>
    /// <returns>How many bytes came; 0 at the connection's end.</returns>
    /// <exception cref="IOException">The connection broke, or was aborted.</exception>
    public ValueTask<int> ReceiveAsync()
    {
        var read = _ahead;
        if (!_isAhead)
        {
            MakeRoom();
            read = Read();
        }

        _isAhead = false;
        _ahead = default;
        if (!read.IsCompletedSuccessfully)
        {
            return FinishAsync(read);
        }

        return new ValueTask<int>(Arrived(read.Result));
    }

    /// <summary>Sends the output and empties it.</summary>
    /// <exception cref="IOException">The connection broke, or was aborted.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync()
    {
        try
        {
            await stream.WriteAsync(Output.Written);
            await stream.FlushAsync();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
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
            await stream.WriteAsync(bytes);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            throw SendFailed(e);
        }
    }

    /// <summary>Ends the sending side; the backend may go on answering.</summary>
    public async ValueTask EndOutputAsync()
    {
        try
        {
            if (stream is SslStream tls)
            {
                await tls.ShutdownAsync();
            }
            else
            {
                ((NetworkStream)stream).Socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    /// <summary>Ends both directions with an end, where closing while a read is pending would reset; without effect
    /// through TLS.</summary>
    public void EndBoth()
    {
        try
        {
            (stream as NetworkStream)?.Socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    /// <summary>Begins to wait for its end while it is kept.</summary>
    /// <returns>False where it has ended already, or said something that nobody asked for.</returns>
    public bool TryKeep(long since)
    {
        if (_end > 0 || IsAborted)
        {
            return false;
        }

        IdleSince = since;
        if (_received.Length > SmallBuffer)
        {
            _received = new byte[SmallBuffer];
        }

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
        if (_isAhead && !IsAborted && stream is NetworkStream network)
        {
            _isAhead = false;
            _ = RetireAsync(network, _ahead);
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
            ResetWhatIsStuck();
            stream.Dispose();
        }
    }

    // An end waits behind what the backend does not take; it would learn of it when the kernel gives up, minutes later.
    private void ResetWhatIsStuck()
    {
        if (OwesRequest && stream is NetworkStream network && SendQueue.Untaken(network.Socket) > 0)
        {
            network.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
    }

    private async Task RetireAsync(NetworkStream network, ValueTask<int> ahead)
    {
        try
        {
            network.Socket.Shutdown(SocketShutdown.Both);
            await ahead;
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // It has ended already.
        }

        Dispose();
    }

    private ValueTask<int> Read()
    {
        try
        {
            return stream.ReadAsync(_received.AsMemory(_end));
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

    private int Arrived(int count)
    {
        // Closing our own end wakes a pending read with an end that the backend never sent.
        if (count == 0 && IsAborted)
        {
            throw new IOException("the exchange was ended");
        }

        _end += count;
        return count;
    }

    private void MakeRoom()
    {
        if (_end < _received.Length)
        {
            return;
        }

        if (_start > 0)
        {
            Received.CopyTo(_received);
            (_start, _end) = (0, _end - _start);
            return;
        }

        Array.Resize(ref _received, _received.Length * 2);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FinishAsync(ValueTask<int> read)
    {
        try
        {
            return Arrived(await read);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            throw new IOException(e.Message, e);
        }
    }
}
