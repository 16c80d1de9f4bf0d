using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.RequestPath.Accept.Http2;

/// <summary>What clients might send: mostly sound, with something wrong here and there.</summary>
internal sealed class FrameSequences(Random random)
{
    private int _last = -1;

    /// <summary>The bytes of a connection after its preface.</summary>
    public byte[] Next()
    {
        _last = -1;
        var frames = new List<Frame> { Frame.Settings(Settings()) };
        for (var count = random.Next(30); count > 0; count--)
        {
            frames.AddRange(Some());
        }

        var bytes = frames.SelectMany(f => f.ToBytes()).ToArray();
        if (random.Next(3) == 0)
        {
            Mutate(bytes);
        }

        return random.Next(10) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private (Setting Name, uint Value)[] Settings() => random.Next(4) switch
    {
        0 => [],
        1 => [(Setting.InitialWindowSize, (uint)random.Next(100))],
        2 => [(Setting.HeaderTableSize, (uint)random.Next(5000)), (Setting.InitialWindowSize, 1 << 20)],
        _ => [((Setting)random.Next(12), (uint)random.Next(100_000))],
    };

    private Frame[] Some() => random.Next(16) switch
    {
        0 or 1 or 2 => [Frame.Headers(Fresh(), Request())],
        3 or 4 => [Frame.OpenHeaders(Fresh(), Request())],
        5 or 6 => [Frame.Data(Known(), new byte[random.Next(random.Next(4) == 0 ? 17_000 : 50)], random.Next(2) == 0)],
        7 => [Frame.WindowUpdate(random.Next(2) == 0 ? 0 : Known(), Increment())],
        8 => [Frame.Reset(Known())],
        9 => [Frame.Settings(Settings())],
        10 => [Frame.Ping(random.Next(2) == 0 ? FrameFlags.Ack : FrameFlags.None)],
        11 => Split(Frame.Headers(Fresh(), Request())),
        12 => [Frame.Headers(Known(), ("x-trailer", "v"))],
        13 => [new Frame(FrameType.Data, FrameFlags.Padded, Known(), Padded())],
        14 => [Frame.Priority(Known(), random.Next(5)), Frame.GoAway(ErrorCode.None, random.Next(5))],
        _ => [Anything()],
    };

    private uint Increment() => (uint)random.Next(random.Next(8) == 0 ? int.MaxValue : 70_000);

    private byte[] Padded() => [(byte)random.Next(20), .. new byte[random.Next(20)]];

    private Frame Anything()
    {
        var payload = new byte[random.Next(20)];
        random.NextBytes(payload);
        return new Frame((FrameType)random.Next(12), (FrameFlags)random.Next(256), random.Next(4), payload);
    }

    private Frame[] Split(Frame headers)
    {
        var at = random.Next(headers.Payload.Length);
        return
        [
            headers with { Flags = FrameFlags.EndStream, Payload = headers.Payload[..at] },
            new Frame(FrameType.Continuation, FrameFlags.EndHeaders, headers.StreamId, headers.Payload[at..]),
        ];
    }

    private int Fresh() => _last += 2 * random.Next(1, 3);

    private int Known() => random.Next(12) == 0 ? random.Next(20) : Math.Max(1, _last - (2 * random.Next(3)));

    private (string Name, string Value)[] Request() => random.Next(10) switch
    {
        0 => Fields.Post("/", ("content-length", $"{random.Next(60)}")),
        1 => Fields.Get("/", ("connection", "close")),
        2 => Fields.WebSocket("/"),
        3 => Fields.Get("/", [.. Enumerable.Range(0, random.Next(120)).Select(i => ($"x-{i}", "v"))]),
        _ => Fields.Post("/"),
    };

    private void Mutate(byte[] bytes)
    {
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        }
    }
}
