using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;
using MiniLB.Async;
using MiniLB.Config;
using MiniLB.Transport.Epoll;
using MiniLB.Wire.Http2;

namespace MiniLB.RequestPath.Accept.Http2;

/// <summary>The frames of one connection that wait to be sent. What comes up in one round of the event loop leaves
/// together.</summary>
/// <param name="context">The connection.</param>
/// <param name="gate">Held by whoever writes frames.</param>
/// <param name="sent">Called without the gate whenever something has left, or never will.</param>
internal sealed class Http2Output(ConnectionContext context, Lock gate, Action sent) : IValueTaskSource
{
    private const int Small = 4 * 1024;
    private static readonly int Most = MemoryPlan.Current.AnswerBuffer;

    private readonly EventLoop? _loop = (context as LoopConnection)?.Loop;
    private readonly PipeWriter _writer = context.Transport.Output;
    private byte[] _waiting = [];
    private bool _isSending;
    private bool _isScheduled;
    private ManualResetValueTaskSourceCore<bool> _drained;
    private bool _isReaderWaiting;

    /// <summary>Bytes that nobody has begun to send.</summary>
    public int Length { get; private set; }

    /// <summary>True where bodies are to wait.</summary>
    public bool IsFull => Length >= Most;

    /// <summary>True where all that was written has left.</summary>
    public bool IsEmpty => Length == 0 && !_isSending;

    /// <summary>True where the client takes nothing more; what is written is thrown away.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Room for so many bytes; to be called with the gate.</summary>
    public Span<byte> Reserve(int bytes)
    {
        if (Length + bytes > _waiting.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Small, Math.Max(Length * 2, Length + bytes)));
            _waiting.AsSpan(0, Length).CopyTo(larger);
            Return(_waiting);
            _waiting = larger;
        }

        return _waiting.AsSpan(Length, bytes);
    }

    /// <summary>Counts what leaves together.</summary>
    public long Batch { get; private set; }

    /// <summary>Has a frame that waits end its stream; to be called with the gate.</summary>
    public void EndStreamAt(int frame) => FrameHeader.EndStream(_waiting.AsSpan(frame));

    /// <summary>So many were written into the room; to be called with the gate.</summary>
    public void Advance(int bytes) => Length += IsGone ? 0 : bytes;

    /// <summary>Has leave what waits: at the end of this round of the loop, or at once where there is none.</summary>
    public void Send()
    {
        var isOnLoop = _loop is { IsCurrent: true };
        lock (gate)
        {
            if (Length == 0 || _isSending || _isScheduled)
            {
                return;
            }

            (_isScheduled, _isSending) = (isOnLoop, !isOnLoop);
        }

        if (isOnLoop)
        {
            _loop!.Post(static output => ((Http2Output)output).SendNow(), this);
        }
        else
        {
            SendNow();
        }
    }

    /// <summary>Waits, as the one that reads frames, until there is room for what is said to them.</summary>
    public ValueTask DrainedAsync()
    {
        lock (gate)
        {
            if (!IsFull)
            {
                return default;
            }

            _drained.Reset();
            _isReaderWaiting = true;
        }

        Send();
        return new ValueTask(this, _drained.Version);
    }

    void IValueTaskSource.GetResult(short token) => _drained.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _drained.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _drained.OnCompleted(continuation, state, token, flags);

    // Before bodies fill it again, or whoever takes a long answer would be heard after it only.
    private void ResumeReader()
    {
        lock (gate)
        {
            if (!_isReaderWaiting || IsFull)
            {
                return;
            }

            _isReaderWaiting = false;
        }

        _drained.SetResult(true);
    }

    private void SendNow()
    {
        var sending = SendAllAsync();
        if (sending.IsCompleted)
        {
            sending.GetResult();
        }
        else
        {
            _ = sending.AsTask();
        }
    }

    private async FrameTask SendAllAsync()
    {
        while (Take() is { Count: > 0 } piece)
        {
            var isGone = false;
            try
            {
                isGone = (await _writer.WriteAsync(piece)).IsCompleted;
            }
            catch (Exception e) when (e is IOException or SocketException or InvalidOperationException
                or OperationCanceledException)
            {
                isGone = true;
            }

            Return(piece.Array!);
            if (isGone)
            {
                lock (gate)
                {
                    (IsGone, Length) = (true, 0);
                    Batch++;
                }
            }

            ResumeReader();
            sent();
        }

        sent();
    }

    private ArraySegment<byte> Take()
    {
        lock (gate)
        {
            var piece = new ArraySegment<byte>(_waiting, 0, Length);
            (_isScheduled, _isSending) = (false, Length > 0);
            if (Length > 0)
            {
                (_waiting, Length) = ([], 0);
                Batch++;
            }

            return piece;
        }
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
