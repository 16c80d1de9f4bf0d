using Microsoft.AspNetCore.Connections;
using MiniLB.Wire;
using MiniLB.Wire.Http2;

namespace MiniLB.RequestPath.Accept.Http2;

/// <summary>What goes out on one connection: bodies as far as the client's windows allow (RFC 9113 section 5.2), and
/// where several wait, a frame of each in turn.</summary>
internal sealed class Http2Sending
{
    public const int FirstWindow = 65_535;

    private readonly Lock _gate;
    private readonly Http2Output _output;
    private readonly Action _allSent;
    private readonly Queue<Http2Stream> _turns = new();
    private Http2Stream? _resumed;
    private long _window = FirstWindow;

    /// <param name="context">The connection.</param>
    /// <param name="gate">Guards all that the connection's threads share.</param>
    /// <param name="allSent">Called without the gate whenever nothing is left to send.</param>
    public Http2Sending(ConnectionContext context, Lock gate, Action allSent)
    {
        (_gate, _allSent) = (gate, allSent);
        _output = new Http2Output(context, gate, GoOn);
        Frames = new Http2FrameWriter(_output);
    }

    /// <summary>Writes frames that no window holds back; with the gate.</summary>
    public Http2FrameWriter Frames { get; }

    /// <summary>True where a client that sends more before it takes something is only waited for.</summary>
    public bool IsFull => _output.IsFull;

    public bool IsEmpty => _output.IsEmpty;

    /// <summary>Bytes of bodies so far.</summary>
    public long BodyBytes { get; private set; }

    /// <summary>What a new stream may be sent; with the gate.</summary>
    public int StreamWindow { get; private set; } = FirstWindow;

    /// <summary>Has leave what was written.</summary>
    public void Send() => _output.Send();

    /// <summary>Waits until there is room for the answers to what a client sends.</summary>
    public ValueTask DrainedAsync() => _output.DrainedAsync();

    /// <param name="stream">Which.</param>
    /// <param name="head">Its fields are those that are passed on.</param>
    /// <param name="status">In place of the head's own.</param>
    /// <param name="ends">True where nothing follows.</param>
    public void WriteHead(Http2Stream stream, ResponseHead head, int status, bool ends)
    {
        lock (_gate)
        {
            if (!stream.IsClosed && !stream.HasEnded)
            {
                stream.HasEnded = ends;
                stream.NoteFrame(_output);
                Frames.WriteHead(stream.Id, head.Fields, status, ends);
            }
        }
    }

    /// <summary>Ends an answer; not one of which something still waits to be sent.</summary>
    public void End(Http2Stream stream, FieldList? trailers)
    {
        lock (_gate)
        {
            EndNow(stream, trailers);
        }
    }

    public void WriteData(Http2Stream stream, ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            if (!stream.IsClosed && !stream.HasEnded)
            {
                stream.Hold(stream.Pending.IsEmpty ? data[Frame(stream, data, int.MaxValue)..] : data);
            }
        }
    }

    /// <summary>Has leave what was written to a stream.</summary>
    /// <param name="stream">Which.</param>
    /// <param name="isOpen">False where the client takes nothing more.</param>
    /// <param name="ends">True to end it first, where nothing of it waits.</param>
    /// <param name="trailers">With these, if any.</param>
    /// <returns>False where that has to be waited for: see <see cref="Http2Stream.WaitAsync"/>.</returns>
    public bool TryFlush(Http2Stream stream, out bool isOpen, bool ends = false, FieldList? trailers = null)
    {
        bool isDone;
        Http2Stream? resumed = null;
        lock (_gate)
        {
            isOpen = !stream.IsClosed && !_output.IsGone;
            isDone = !isOpen || (stream.Pending.IsEmpty && !_output.IsFull);
            if (!isDone)
            {
                stream.BeginWait();
                Queue(stream);
                // What it waits for may have come since it was written.
                TakeTurns();
                (resumed, _resumed) = (_resumed, null);
            }
            else if (ends)
            {
                EndNow(stream, trailers);
            }
        }

        Http2Stream.ResumeAll(resumed);
        _output.Send();
        return isDone;
    }

    /// <summary>Its exchange waits no longer for what it wrote to a stream.</summary>
    public void GiveUp(Http2Stream stream)
    {
        lock (_gate)
        {
            EndWait(stream, isOpen: false);
        }

        GoOn();
    }

    /// <summary>Writes no more of a stream; with the gate.</summary>
    public void Close(Http2Stream stream)
    {
        stream.IsClosed = true;
        stream.Drop();
        EndWait(stream, isOpen: false);
    }

    /// <summary>Opens the connection's window; with the gate.</summary>
    /// <returns>False where it has become too large.</returns>
    public bool TryOpen(int more, IEnumerable<Http2Stream> open)
    {
        if (_window <= 0)
        {
            foreach (var stream in open.Where(s => !s.Pending.IsEmpty))
            {
                Queue(stream);
            }
        }

        return (_window += more) <= int.MaxValue;
    }

    /// <returns>False where the window has become too large; with the gate.</returns>
    public bool TryOpen(Http2Stream stream, long more)
    {
        stream.SendWindow += more;
        if (!stream.Pending.IsEmpty)
        {
            Queue(stream);
        }

        return stream.SendWindow <= int.MaxValue;
    }

    /// <summary>Obeys the client: streams have another window from now on, and those that are open as much more; with
    /// the gate.</summary>
    /// <returns>False where one has become too large.</returns>
    public bool TrySetStreamWindow(int window, IEnumerable<Http2Stream> open)
    {
        var more = (long)window - StreamWindow;
        StreamWindow = window;
        return open.All(s => TryOpen(s, more));
    }

    /// <summary>Goes on with whoever waits, after a window was opened or something has left.</summary>
    public void GoOn()
    {
        Http2Stream? resumed;
        bool isEmpty;
        lock (_gate)
        {
            TakeTurns();
            (resumed, _resumed) = (_resumed, null);
            isEmpty = _output.IsEmpty;
        }

        Http2Stream.ResumeAll(resumed);
        if (isEmpty)
        {
            _allSent();
        }
    }

    private void TakeTurns()
    {
        while (_turns.TryPeek(out var stream) && (stream.IsClosed || _output.IsGone || !_output.IsFull))
        {
            if (_output.IsGone)
            {
                Close(stream);
            }

            // Where a window is shut, it has another turn when that opens.
            _turns.Dequeue();
            stream.IsQueued = false;
            var framed = Frame(stream, stream.Pending, FrameHeader.MostPayload);
            stream.Framed(framed);
            if (stream.Pending.IsEmpty)
            {
                EndWait(stream, !stream.IsClosed);
            }
            else if (framed > 0)
            {
                stream.Exchange.HasProgressed();
                Queue(stream);
            }
        }
    }

    private void EndNow(Http2Stream stream, FieldList? trailers)
    {
        if (!stream.IsClosed && !stream.HasEnded && stream.Pending.IsEmpty)
        {
            stream.HasEnded = true;
            if (trailers is not null || !stream.TryEndLastFrame(_output))
            {
                Frames.WriteEnd(stream.Id, trailers);
            }
        }
    }

    private void Queue(Http2Stream stream)
    {
        if (!stream.IsQueued)
        {
            stream.IsQueued = true;
            _turns.Enqueue(stream);
        }
    }

    private void EndWait(Http2Stream stream, bool isOpen)
    {
        if (stream.IsWaiting)
        {
            stream.EndWait(isOpen);
            stream.Next = _resumed;
            _resumed = stream;
        }
    }

    /// <returns>Bytes that were framed.</returns>
    private int Frame(Http2Stream stream, ReadOnlySpan<byte> data, int most)
    {
        var framed = 0;
        while (framed < Math.Min(data.Length, most) && !_output.IsFull)
        {
            var length = (int)Math.Min(
                Math.Min(data.Length - framed, FrameHeader.MostPayload), Math.Min(stream.SendWindow, _window));
            if (length <= 0)
            {
                break;
            }

            stream.NoteFrame(_output);
            Frames.Write(FrameType.Data, FrameFlags.None, stream.Id, data.Slice(framed, length));
            stream.SendWindow -= length;
            _window -= length;
            framed += length;
        }

        BodyBytes += framed;
        return framed;
    }
}
