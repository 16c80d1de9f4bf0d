using MiniLB.RequestPath.Accept.Http2;
using MiniLB.Tests.Journeys.Http2.Wire;
using MiniLB.Tests.Wire;

namespace MiniLB.Tests.RequestPath.Accept.Http2;

public sealed class Http2SendingTests
{
    private const uint Much = 1 << 24;

    [Fact]
    public void Body_GoesAsFarAsTheWindowOfTheConnection()
    {
        var client = Answering(100_000).Open((Setting.InitialWindowSize, Much));

        client.Send(Frame.Headers(1, Fields.Get("/")));
        Assert.Equal("Headers:1 Data:1:16384 Data:1:16384 Data:1:16384 Data:1:16383", client.TakeText());
        client.Send(Frame.WindowUpdate(1, 1000));
        Assert.Equal("", client.TakeText());
        client.Send(Frame.WindowUpdate(0, 10));
        Assert.Equal("Data:1:10", client.TakeText());
        Assert.Equal(0, client.Ended);
        client.Send(Frame.WindowUpdate(0, Much));

        Assert.Equal("Data:1:16384 Data:1:16384 Data:1:1687:end", client.TakeText());
        Assert.Equal(1, client.Ended);
    }

    [Fact]
    public void Body_GoesAsFarAsTheWindowOfItsStream_AlsoWhereThatIsMadeSmaller()
    {
        var client = Answering(1000).Open((Setting.InitialWindowSize, 100));
        client.Send(Frame.Headers(1, Fields.Get("/")));
        Assert.Equal("Headers:1 Data:1:100", client.TakeText());
        client.Send(Frame.WindowUpdate(1, 50));
        Assert.Equal("Data:1:50", client.TakeText());
        client.Send(Frame.Settings((Setting.InitialWindowSize, 200)));
        Assert.Equal("Settings:0:ack Data:1:100", client.TakeText());

        // 150 less than nothing.
        client.Send(Frame.Settings((Setting.InitialWindowSize, 50)));
        client.Send(Frame.WindowUpdate(1, 150), Frame.WindowUpdate(0, 1000));
        Assert.Equal("Settings:0:ack", client.TakeText());
        client.Send(Frame.WindowUpdate(1, 1));
        Assert.Equal("Data:1:1", client.TakeText());

        // A stream that is opened now has the last one.
        client.Send(Frame.Headers(3, Fields.Get("/")));
        Assert.Equal("Headers:3 Data:3:50", client.TakeText());
    }

    [Fact]
    public void Windows_ThatBecomeTooLarge_EndTheirStream_OrTheConnection()
    {
        var client = Answering(10).Open((Setting.InitialWindowSize, 1));
        client.Send(Frame.Headers(1, Fields.Get("/")));
        client.Take();

        client.Send(Frame.WindowUpdate(1, int.MaxValue));
        // The last window was not used: what was sent of it is gone.
        Assert.Contains("Data:1:9:end", client.TakeText(), StringComparison.Ordinal);

        client.Send(Frame.Headers(3, Fields.Get("/")));
        client.Take();
        client.Send(Frame.WindowUpdate(0, int.MaxValue));
        Assert.Equal("GoAway:3:FlowControl", client.TakeText());
    }

    [Fact]
    public void TurnsOfSeveralStreams_StayEven()
    {
        var client = Answering(500_000).Open((Setting.InitialWindowSize, Much));
        client.Send([.. Enumerable.Range(0, 5).Select(i => Frame.Headers((2 * i) + 1, Fields.Get("/")))]);
        client.Take();

        for (var round = 0; round < 20; round++)
        {
            client.Send(Frame.WindowUpdate(0, 5 * 16_384));
            var data = client.Take().Where(f => f.Type == FrameType.Data).ToList();

            Assert.Equal(5 * 16_384, data.Sum(f => f.Payload.Length));
            // At most the one that the last window had cut begins and ends a round.
            Assert.All(data.GroupBy(f => f.StreamId), s => Assert.InRange(s.Sum(f => f.Payload.Length), 1, 2 * 16_384));
            Assert.Equal(5, data.Select(f => f.StreamId).Distinct().Count());
        }
    }

    [Fact]
    public void StreamThatMayNotSend_DoesNotHoldUpTheOthers()
    {
        var client = Answering(1000).Open((Setting.InitialWindowSize, 0));
        client.Send(Frame.Headers(1, Fields.Get("/")), Frame.Headers(3, Fields.Get("/")));
        Assert.Equal("Headers:1 Headers:3", client.TakeText());

        client.Send(Frame.WindowUpdate(3, 2000));
        Assert.Equal("Data:3:1000:end", client.TakeText());
        client.Send(Frame.WindowUpdate(1, 2000));
        Assert.Equal("Data:1:1000:end", client.TakeText());
    }

    [Fact]
    public void FullOutput_HoldsBodiesBack_UntilTheClientTakesSomething()
    {
        const int Length = 2_000_000;
        var client = Answering(Length, room: 1000).Open((Setting.InitialWindowSize, Much));
        client.Send(Frame.WindowUpdate(0, Much), Frame.Headers(1, Fields.Get("/")));

        var (all, most, ends) = (0, 0, false);
        while (!ends)
        {
            Assert.True(all < Length / 2 ? client.Ended == 0 : client.Ended <= 1);
            var data = client.Take().Where(f => f.Type == FrameType.Data).ToList();
            Assert.NotEmpty(data);
            var length = data.Sum(f => f.Payload.Length);
            (all, most, ends) = (all + length, Math.Max(most, length), data[^1].Has(FrameFlags.EndStream));
        }

        Assert.Equal((Length, 1), (all, client.Ended));
        Assert.InRange(most, 1, 100_000);
    }

    [Fact]
    public void ClientThatSendsWithoutReading_IsNotReadEither()
    {
        var client = new MemoryClient(room: 1000).Open();
        for (var i = 0; i < 20_000; i++)
        {
            client.Send(Frame.Ping());
        }

        var (all, most) = (0, 0);
        while (client.Take() is { Count: > 0 } frames)
        {
            Assert.All(frames, f => Assert.True(f.Type == FrameType.Ping && f.Has(FrameFlags.Ack)));
            (all, most) = (all + frames.Count, Math.Max(most, frames.Count));
        }

        Assert.Equal(20_000, all);
        Assert.InRange(most, 1, 8000);
    }

    [Theory]
    [InlineData("Content-Length: 5", "hello", "Headers:1 Data:1:5:end")]
    [InlineData("Transfer-Encoding: chunked", "hello", "Headers:1 Data:1:5:end")]
    [InlineData("Content-Length: 0", "", "Headers:1:end")]
    [InlineData("Transfer-Encoding: chunked", "", "Headers:1:end")]
    public void LastFrame_ThatHasNotLeft_EndsTheStream(string field, string body, string frames)
    {
        var client = new MemoryClient(async e =>
        {
            MemoryClient.Start(e, field);
            e.Write(Heads.Bytes(body));
            await e.CompleteAsync(trailers: null);
        }).Open();

        client.Send(Frame.Headers(1, Fields.Get("/")));

        Assert.Equal(frames, client.TakeText());
    }

    [Fact]
    public void AnswerToHead_EndsWithItsHead()
    {
        var client = Answering(0, "Content-Length: 5").Open();

        client.Send(Frame.Headers(1, Fields.Request("HEAD", "/")));

        Assert.Equal("Headers:1:end", client.TakeText());
        Assert.Equal("5", client.Received.Stream(1).Of("content-length"));
    }

    [Theory]
    [InlineData("x-trailer", "Headers:1 Data:1:5 Headers:1:end")]
    [InlineData(null, "Headers:1 Data:1:5 Data:1:0:end")]
    public void Trailers_EndTheStream_WhereAnyPass(string? trailer, string frames)
    {
        var client = new MemoryClient(async e =>
        {
            MemoryClient.Start(e, "Transfer-Encoding: chunked");
            e.Write("hello"u8);
            await e.CompleteAsync(trailer is null ? Heads.Fields() : Heads.Fields((trailer, "v")));
        }).Open();

        client.Send(Frame.Headers(1, Fields.Get("/")));

        Assert.Equal(frames, client.TakeText());
        Assert.Equal(trailer, client.Received.Stream(1).Trailers?.Single().Name);
    }

    [Fact]
    public void HeaderBlock_LargerThanAFrame_GoesOnInOthers_WithNothingBetween()
    {
        var fields = string.Join("\r\n", Enumerable.Range(0, 30).Select(i => $"X-{i}: {new string('v', 1500)}"));
        var client = Answering(0, fields + "\r\nContent-Length: 0").Open();

        client.Send(Frame.Headers(1, Fields.Get("/")));

        var frames = client.Take();
        Assert.Equal(
            [FrameType.Headers, FrameType.Continuation, FrameType.Continuation], frames.Select(f => f.Type));
        Assert.Equal([16_384, 16_384], frames[..2].Select(f => f.Payload.Length));
        Assert.Equal(
            [FrameFlags.EndStream, FrameFlags.None, FrameFlags.EndHeaders], frames.Select(f => f.Flags));
        Assert.Equal(33, client.Received.Stream(1).Head!.Count);
        Assert.Equal(new string('v', 1500), client.Received.Stream(1).Of("x-29"));
    }

    [Fact]
    public void TableOfFields_IsGivenUpOnce_AfterTheClientHasSpokenOfIt()
    {
        var client = new MemoryClient(async e =>
        {
            MemoryClient.Start(e, "Transfer-Encoding: chunked");
            await e.CompleteAsync(trailers: Heads.Fields());
        }).Open();

        Assert.Equal([0x88], FirstBytes(client, 1));
        client.Send(Frame.Settings((Setting.HeaderTableSize, 0)));
        Assert.Equal([0x20], FirstBytes(client, 3));
        client.Send(Frame.Settings((Setting.HeaderTableSize, 4096)));
        Assert.Equal([0x88], FirstBytes(client, 5));
    }

    [Fact]
    public void TableOfFields_IsGivenUpInTheNextBlock_WhereTrailersTurnOutToBeNone()
    {
        Http2Exchange? exchange = null;
        var waiting = new TaskCompletionSource();
        var client = new MemoryClient(async e =>
        {
            MemoryClient.Start(e, "Transfer-Encoding: chunked");
            exchange = e;
            await e.FlushAsync();
            await waiting.Task;
            await e.CompleteAsync(Heads.Fields());
        }).Open();
        Assert.Equal([0x88], FirstBytes(client, 1));
        client.Send(Frame.Settings((Setting.HeaderTableSize, 100)));

        waiting.SetResult();

        Assert.Equal("Settings:0:ack Data:1:0:end", client.TakeText());
        Assert.Equal([0x20], FirstBytes(client, 3));
    }

    [Fact]
    public void StreamThatIsReset_IsSentNothingMore_AndItsExchangeGoesOn()
    {
        bool? isOpen = null;
        var client = new MemoryClient(async e =>
        {
            MemoryClient.Start(e, "Content-Length: 1000");
            e.Write(new byte[1000]);
            isOpen = await e.FlushAsync();
            e.Write(new byte[1000]);
        }).Open((Setting.InitialWindowSize, 10));
        client.Send(Frame.Headers(1, Fields.Get("/")));
        Assert.Equal("Headers:1 Data:1:10", client.TakeText());
        Assert.Null(isOpen);

        client.Send(Frame.Reset(1), Frame.WindowUpdate(1, 1000));

        Assert.False(isOpen);
        Assert.Equal("", client.TakeText());
        Assert.Equal(1, client.Ended);
    }

    [Fact]
    public async Task ClientThatReadsNoMore_EndsWhatWaitsForIt()
    {
        var client = Answering(1_000_000, room: 1000).Open((Setting.InitialWindowSize, Much));
        client.Send(Frame.WindowUpdate(0, Much), Frame.Headers(1, Fields.Get("/")));
        Assert.Equal(0, client.Ended);

        client.StopReading();

        Assert.Equal(1, client.Ended);
        await client.EndAsync();
    }

    private static byte[] FirstBytes(MemoryClient client, int stream)
    {
        client.Send(Frame.Headers(stream, Fields.Get("/")));
        return [.. client.Take().Where(f => f.Type == FrameType.Headers).Select(f => f.Payload[0])];
    }

    private static MemoryClient Answering(int length, int room = 0) => new(e => AnswerAsync(e, length), room);

    private static MemoryClient Answering(int length, string fields) => new(async e =>
    {
        MemoryClient.Start(e, fields);
        e.Write(new byte[length]);
        await e.CompleteAsync(trailers: null);
    });

    private static ValueTask AnswerAsync(Http2Exchange exchange, int length) =>
        MemoryClient.AnswerAsync(exchange, new string('a', length));
}
