using System.Buffers.Binary;

namespace MiniLB.Tests.Journeys.Http2.Wire;

/// <summary>All that has come on one connection. One lock: the reading task writes, tests look.</summary>
internal sealed class H2Received
{
    private const int DefaultWindow = 65_535;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, StreamState> _streams = [];
    private readonly List<byte> _block = [];
    private readonly HpackReader _hpack = new();
    private long _connectionWindow = DefaultWindow;
    private long _initialWindow = DefaultWindow;
    private bool _blockEndsStream;

    public ErrorCode? GoAway { get; private set; }

    public bool Closed { get; private set; }

    /// <summary>Whether the other side's settings have come.</summary>
    public bool Settled { get; private set; }

    public Dictionary<Setting, uint> Settings { get; } = [];

    public T Read<T>(Func<H2Received, T> look)
    {
        lock (_lock)
        {
            return look(this);
        }
    }

    /// <summary>To be called under the lock.</summary>
    public StreamState Stream(int id)
    {
        if (!_streams.TryGetValue(id, out var stream))
        {
            _streams[id] = stream = new StreamState();
        }

        return stream;
    }

    /// <summary>To be called under the lock.</summary>
    public long Window(int id) => Math.Min(_connectionWindow, _initialWindow + Stream(id).WindowChange);

    public int TakeWindow(int id, int wanted)
    {
        lock (_lock)
        {
            var stream = Stream(id);
            var length = (int)Math.Clamp(Window(id), 0, wanted);
            _connectionWindow -= length;
            stream.WindowChange -= length;
            return length;
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            Closed = true;
        }
    }

    public void Take(Frame frame)
    {
        lock (_lock)
        {
            switch (frame.Type)
            {
                case FrameType.Settings or FrameType.Ping when frame.Has(FrameFlags.Ack):
                    break;
                case FrameType.Settings:
                    TakeSettings(frame.Payload);
                    break;
                case FrameType.WindowUpdate:
                    TakeWindowUpdate(frame);
                    break;
                case FrameType.Headers or FrameType.Continuation:
                    TakeHeaders(frame);
                    break;
                case FrameType.Data:
                    Stream(frame.StreamId).Body.Write(frame.Payload);
                    Stream(frame.StreamId).Ended |= frame.Has(FrameFlags.EndStream);
                    break;
                case FrameType.Reset:
                    Stream(frame.StreamId).Reset = (ErrorCode)BinaryPrimitives.ReadInt32BigEndian(frame.Payload);
                    break;
                case FrameType.GoAway:
                    GoAway = (ErrorCode)BinaryPrimitives.ReadInt32BigEndian(frame.Payload.AsSpan(4));
                    break;
            }
        }
    }

    public override string ToString() => Read(r => $"goaway {r.GoAway}, closed {r.Closed}, "
        + string.Join("; ", r._streams.Select(s => $"stream {s.Key}: {s.Value}")));

    private void TakeSettings(byte[] payload)
    {
        Settled = true;
        for (var at = 0; at < payload.Length; at += 6)
        {
            var name = (Setting)BinaryPrimitives.ReadUInt16BigEndian(payload.AsSpan(at));
            Settings[name] = BinaryPrimitives.ReadUInt32BigEndian(payload.AsSpan(at + 2));
        }

        _initialWindow = Settings.TryGetValue(Setting.InitialWindowSize, out var window) ? window : _initialWindow;
    }

    private void TakeWindowUpdate(Frame frame)
    {
        var increment = BinaryPrimitives.ReadInt32BigEndian(frame.Payload);
        if (frame.StreamId == 0)
        {
            _connectionWindow += increment;
        }
        else
        {
            Stream(frame.StreamId).WindowChange += increment;
        }
    }

    private void TakeHeaders(Frame frame)
    {
        if (frame.Type == FrameType.Headers)
        {
            _block.Clear();
            _blockEndsStream = frame.Has(FrameFlags.EndStream);
        }

        // MiniLB pads nothing and sends no priorities: the payload is the block.
        _block.AddRange(frame.Payload);
        if (!frame.Has(FrameFlags.EndHeaders))
        {
            return;
        }

        var stream = Stream(frame.StreamId);
        var fields = _hpack.Read([.. _block]);
        var status = fields.Where(f => f.Name == ":status").Select(f => f.Value).FirstOrDefault();
        if (status is not null && status.StartsWith('1'))
        {
            stream.Interim.Add(status);
        }
        else if (stream.Head is null)
        {
            stream.Head = fields;
        }
        else
        {
            stream.Trailers = fields;
        }

        stream.Ended |= _blockEndsStream;
    }
}
