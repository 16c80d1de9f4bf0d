using System.Buffers;
using System.Threading.Tasks.Sources;

namespace MiniLB.RequestPath.Accept.Http2;

/// <summary>How a stream stands (RFC 9113 section 5.1), and what of its answer waits. All of it is read and written
/// with the connection's gate, but for the wait itself.</summary>
/// <param name="exchange">What the stream carries, one request after another.</param>
internal sealed class Http2Stream(Http2Exchange exchange) : IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _wait;
    private byte[] _pending = [];
    private int _sent;
    private int _end;
    private int _lastFrame;
    private long _lastFrameBatch = -1;

    public Http2Exchange Exchange => exchange;

    public int Id { get; private set; }

    /// <summary>Bytes that the client would take; below 0 after it has changed its mind.</summary>
    public long SendWindow { get; set; }

    /// <summary>Bytes that the client may still send.</summary>
    public int ReceiveWindow { get; set; }

    /// <summary>Bytes consumed of which the client has not been told.</summary>
    public int Untold { get; set; }

    /// <summary>True once the client has sent its last frame.</summary>
    public bool HasClientEnded { get; set; }

    /// <summary>True once the last frame was written.</summary>
    public bool HasEnded { get; set; }

    /// <summary>True once either side has reset it, or the connection is over.</summary>
    public bool IsClosed { get; set; }

    /// <summary>True while it waits for its turn.</summary>
    public bool IsQueued { get; set; }

    /// <summary>True while the exchange waits for what it wrote to leave.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>The next one whose wait is over.</summary>
    public Http2Stream? Next { get; set; }

    public ReadOnlySpan<byte> Pending => _pending.AsSpan(_sent, _end - _sent);

    private bool WaitResult { get; set; }

    public void Begin(int id, long sendWindow, int receiveWindow, bool hasClientEnded)
    {
        (Id, SendWindow, ReceiveWindow, HasClientEnded) = (id, sendWindow, receiveWindow, hasClientEnded);
        (Untold, HasEnded, IsClosed, _lastFrameBatch) = (0, false, false, -1);
    }

    /// <summary>A frame of the answer begins where the output ends.</summary>
    public void NoteFrame(Http2Output output) => (_lastFrame, _lastFrameBatch) = (output.Length, output.Batch);

    /// <summary>Makes the last frame of the answer the last of the stream.</summary>
    /// <returns>False where it has left already.</returns>
    public bool TryEndLastFrame(Http2Output output)
    {
        if (_lastFrameBatch != output.Batch)
        {
            return false;
        }

        output.EndStreamAt(_lastFrame);
        return true;
    }

    /// <summary>Keeps what cannot be framed yet.</summary>
    public void Hold(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return;
        }

        if (_end + data.Length > _pending.Length)
        {
            var length = _end - _sent;
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length * 2, length + data.Length));
            Pending.CopyTo(larger);
            Return();
            (_pending, _sent, _end) = (larger, 0, length);
        }

        data.CopyTo(_pending.AsSpan(_end));
        _end += data.Length;
    }

    /// <summary>So many bytes of <see cref="Pending"/> were framed.</summary>
    public void Framed(int bytes)
    {
        _sent += bytes;
        if (_sent == _end)
        {
            Drop();
        }
    }

    public void Drop()
    {
        (_sent, _end) = (0, 0);
        Return();
    }

    /// <summary>Begins to wait until what was written has left.</summary>
    public void BeginWait()
    {
        _wait.Reset();
        IsWaiting = true;
    }

    /// <summary>Ends the wait; its exchange goes on with <see cref="ResumeAll"/>.</summary>
    /// <param name="isOpen">False where the client takes nothing more.</param>
    public void EndWait(bool isOpen) => (IsWaiting, WaitResult) = (false, isOpen);

    /// <summary>Goes on with the exchanges of this one and those behind it; without the gate.</summary>
    public static void ResumeAll(Http2Stream? stream)
    {
        while (stream is not null)
        {
            // Once it goes on it may wait again.
            var next = stream.Next;
            stream.Next = null;
            stream._wait.SetResult(stream.WaitResult);
            stream = next;
        }
    }

    /// <returns>False where the client takes nothing more.</returns>
    public ValueTask<bool> WaitAsync() => new(this, _wait.Version);

    bool IValueTaskSource<bool>.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private void Return()
    {
        if (_pending.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_pending);
            _pending = [];
        }
    }
}
