using System.Buffers.Binary;
using MiniLB.State;
using MiniLB.Wire.Http2;

namespace MiniLB.RequestPath.Accept.Http2;

/// <summary>How a connection ends: its client is told first, so that no request is lost that was under way when it was
/// decided (RFC 9113 section 6.8).</summary>
internal sealed class Http2Ending(
    Lock gate, ClientConnection client, Http2Sending sending, Http2Streams streams) : IHttp2Peer
{
    // Comes back once all has come that the client sent before it heard of the end.
    private const ulong Farewell = 0x6D69_6E69_6C62_3031;

    // Who has not answered by then never will.
    private const int FarewellMilliseconds = 1000;

    private Stage _stage;
    private long _toldAt;
    private int _hasEndedOutput;

    // Written with the gate, read without by whoever reads frames.
    private volatile bool _isOver;

    private enum Stage
    {
        Open,

        /// <summary>The client was told, and what it sends before it has heard that is still served.</summary>
        Told,

        /// <summary>No other stream is served.</summary>
        Heard,
    }

    /// <summary>True once nothing more is wanted from the client.</summary>
    public bool IsOver => _isOver;

    /// <summary>True while new streams are served; with the gate.</summary>
    public bool Accepts => _stage != Stage.Heard;

    public void CloseWhenIdle()
    {
        lock (gate)
        {
            if (_isOver)
            {
                return;
            }

            if (_stage == Stage.Open)
            {
                (_stage, _toldAt) = (Stage.Told, Environment.TickCount64);
                sending.Frames.WriteGoAway(int.MaxValue, ErrorCode.None);
                Span<byte> payload = stackalloc byte[8];
                BinaryPrimitives.WriteUInt64BigEndian(payload, Farewell);
                sending.Frames.Write(FrameType.Ping, FrameFlags.None, 0, payload);
            }
            else if (_stage == Stage.Told && Environment.TickCount64 - _toldAt >= FarewellMilliseconds)
            {
                EndStreams();
            }
        }

        sending.Send();
    }

    public bool TimeOut()
    {
        if (client.Phase == ClientPhase.Idle)
        {
            CloseWhenIdle();
            return true;
        }

        if (!_isOver)
        {
            Fail(ErrorCode.EnhanceYourCalm);
        }
        else if (!sending.IsEmpty)
        {
            client.Abort("the last frames were not taken");
        }

        return false;
    }

    /// <summary>Ends all at once because of what the client did.</summary>
    public void Fail(ErrorCode code)
    {
        lock (gate)
        {
            if (!_isOver)
            {
                sending.Frames.WriteGoAway(streams.LastServed, code);
                EndConnection();
            }
        }

        sending.Send();
    }

    /// <summary>The client has answered a ping; with the gate.</summary>
    public void TakeAnswer(ReadOnlySpan<byte> payload)
    {
        if (_stage == Stage.Told && BinaryPrimitives.ReadUInt64BigEndian(payload) == Farewell)
        {
            EndStreams();
        }
    }

    /// <summary>A stream has ended; with the gate.</summary>
    public void StreamEnded()
    {
        if (streams.Count > 0 || _isOver)
        {
            return;
        }

        if (_stage == Stage.Heard)
        {
            EndConnection();
        }
        else if (client.Phase == ClientPhase.Serving)
        {
            client.Enter(ClientPhase.Idle);
        }
    }

    /// <summary>A header block, or the first settings, have come: where no stream is open the client is waited for,
    /// with the gate.</summary>
    public void Rest()
    {
        if (!_isOver)
        {
            client.Enter(streams.Count == 0 ? ClientPhase.Idle : ClientPhase.Serving);
        }
    }

    /// <summary>All that was written has left.</summary>
    public void AllSent()
    {
        if (_isOver && Interlocked.Exchange(ref _hasEndedOutput, 1) == 0)
        {
            client.EndOutput();
        }
    }

    /// <summary>Nothing is written to it any more.</summary>
    public void Over()
    {
        lock (gate)
        {
            streams.IsOver = _isOver = true;
        }
    }

    private void EndStreams()
    {
        _stage = Stage.Heard;
        sending.Frames.WriteGoAway(streams.LastServed, ErrorCode.None);
        if (streams.Count == 0)
        {
            EndConnection();
        }
    }

    private void EndConnection()
    {
        streams.IsOver = _isOver = true;
        client.Enter(ClientPhase.Lingering);
    }
}
