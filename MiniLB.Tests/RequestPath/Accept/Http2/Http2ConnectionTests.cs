using System.Buffers;
using MiniLB.RequestPath.Accept.Http2;
using MiniLB.RequestPath.Forward;
using MiniLB.State;
using MiniLB.Tests.Journeys.Http2.Wire;
using MiniLB.Tests.Wire;

namespace MiniLB.Tests.RequestPath.Accept.Http2;

public sealed class Http2ConnectionTests
{
    private const int Window = 768 * 1024;

    [Fact]
    public async Task Connection_TellsItsSettingsFirst_WithoutWaiting()
    {
        var client = new MemoryClient();

        Assert.Equal("Settings:0 WindowUpdate:0:983041", client.TakeText());
        Assert.Equal(100u, client.Received.Settings[Setting.MaxConcurrentStreams]);
        Assert.Equal((uint)Window, client.Received.Settings[Setting.InitialWindowSize]);
        Assert.Equal(32u * 1024, client.Received.Settings[Setting.MaxHeaderListSize]);
        Assert.Equal(1u, client.Received.Settings[Setting.EnableConnectProtocol]);
        Assert.Equal(ClientPhase.Opened, client.Client.Phase);
        await client.EndAsync();
    }

    [Fact]
    public async Task Request_InSingleBytes_IsServedOnce()
    {
        var client = new MemoryClient(ReadAndAnswerAsync);
        byte[] all =
        [
            .. Frame.Preface, .. Frame.Settings().ToBytes(), .. Frame.OpenHeaders(1, Fields.Post("/")).ToBytes(),
            .. Frame.Data(1, "hello").ToBytes(), .. Frame.Data(1, "world", end: true).ToBytes(),
        ];
        client.Take();
        foreach (var value in all)
        {
            client.Send([value]);
        }

        Assert.Equal("Settings:0:ack Headers:1 Data:1:10:end", client.TakeText());
        Assert.Equal("helloworld", client.Received.Stream(1).Text);
        Assert.Equal([1], client.Served);
        await client.EndAsync();
    }

    [Fact]
    public void ManyRequests_OneAfterAnother_AreServedEachWithItsOwn()
    {
        var client = new MemoryClient(ReadAndAnswerAsync).Open();
        for (var stream = 1; stream < 2000; stream += 2)
        {
            client.Send(Frame.OpenHeaders(stream, Fields.Post("/")), Frame.Data(stream, $"{stream}", end: true));

            client.Take();
            Assert.Equal($"{stream}", client.Received.Stream(stream).Text);
            Assert.True(client.Received.Stream(stream).Ended);
        }

        Assert.Equal((1000, ClientPhase.Idle), (client.Ended, client.Client.Phase));
    }

    [Fact]
    public void Streams_MoreThanAllowedAtOnce_AreRefused_UntilOneHasEnded()
    {
        var waiting = new List<TaskCompletionSource>();
        var client = new MemoryClient(async e =>
        {
            var mine = new TaskCompletionSource();
            waiting.Add(mine);
            await mine.Task;
            await MemoryClient.AnswerAsync(e, "a");
        }).Open();
        for (var i = 0; i < 100; i++)
        {
            client.Send(Frame.Headers((2 * i) + 1, Fields.Get("/")));
        }

        Assert.Equal("", client.TakeText());
        client.Send(Frame.Headers(201, Fields.Get("/")));
        Assert.Equal("Reset:201:RefusedStream", client.TakeText());
        // What still comes for it is no error.
        client.Send(Frame.Data(201, "late"), Frame.Headers(201, ("x-late", "v")));
        waiting[7].SetResult();
        Assert.Equal("Headers:15 Data:15:1:end", client.TakeText());
        client.Send(Frame.Headers(203, Fields.Get("/")));

        Assert.Equal("", client.TakeText());
        Assert.Equal((101, 1, 100), (client.Served.Count, client.Ended, client.Client.InFlight));
        Assert.DoesNotContain(201, client.Served);
    }

    [Fact]
    public void Windows_OpenOnlyAsABodyIsTaken()
    {
        var waiting = new TaskCompletionSource();
        var client = new MemoryClient(async e =>
        {
            await waiting.Task;
            await ReadAndAnswerAsync(e);
        }).Open();
        client.Send(Frame.OpenHeaders(1, Fields.Post("/")));
        for (var sent = 0; sent < Window; sent += 16_384)
        {
            client.Send(Frame.Data(1, new byte[16_384]));
        }

        Assert.Equal("", client.TakeText());
        waiting.SetResult();

        Assert.Equal($"WindowUpdate:0:{Window} WindowUpdate:1:{Window}", client.TakeText());
    }

    [Fact]
    public void MoreThanAWindowAllows_EndsItsStream()
    {
        var waiting = new TaskCompletionSource();
        var client = new MemoryClient(async _ => await waiting.Task).Open();
        client.Send(Frame.OpenHeaders(1, Fields.Post("/")));
        for (var sent = 0; sent < Window; sent += 16_384)
        {
            client.Send(Frame.Data(1, new byte[16_384]));
        }

        client.Send(Frame.Data(1, "a"));

        Assert.Equal("Reset:1:FlowControl", client.TakeText());
        client.Send(Frame.Ping());
        Assert.Equal("Ping:0:ack", client.TakeText());
        waiting.SetResult();
        Assert.Equal(1, client.Ended);
    }

    [Fact]
    public void BodyThatNobodyTakes_LeavesTheWindowOfTheConnectionAsItWas()
    {
        var client = new MemoryClient(e => MemoryClient.AnswerAsync(e, "a")).Open();
        var given = 0;
        for (var stream = 1; stream < 400; stream += 2)
        {
            client.Send(Frame.OpenHeaders(stream, Fields.Post("/")), Frame.Data(stream, new byte[16_384]));
            var frames = client.Take();
            Assert.Contains(frames, f => f.Type == FrameType.Reset && f.StreamId == stream);
            given += frames.Count(f => f.Type == FrameType.WindowUpdate && f.StreamId == 0);
            Assert.DoesNotContain(frames, f => f.Type == FrameType.GoAway);
        }

        // 200 times 16 KiB; told where half of a MiB and more was taken.
        Assert.Equal(6, given);
    }

    [Theory]
    [InlineData("x-trailer", "v", "host=row.test", "x-trailer=v")]
    [InlineData("host", "v", "host=row.test", "host=v")]
    public void Trailers_ComeWithTheEndOfTheBody(string name, string value, string head, string expected)
    {
        var seen = "";
        var client = new MemoryClient(async e =>
        {
            await ReadAndAnswerAsync(e);
            Assert.Equal(ForwardError.None, e.ReadTrailers(out var trailers));
            seen = Heads.Passing(e.RequestFields) + "|" + Heads.Passing(trailers!);
        }).Open();

        client.Send(Frame.OpenHeaders(1, Fields.Post("/")), Frame.Data(1, "a"), Frame.Headers(1, (name, value)));

        Assert.Equal($"{head}|{expected}", seen);
        Assert.Equal("Headers:1 Data:1:1:end", client.TakeText());
    }

    [Theory]
    [InlineData("longer than announced", "3", "abcd", true)]
    [InlineData("shorter than announced", "3", "ab", true)]
    [InlineData("as announced", "3", "abc", false)]
    public void Body_OtherThanAnnounced_IsAnErrorOfItsStreamAlone(string _, string length, string body, bool isReset)
    {
        ForwardError? error = null;
        var client = new MemoryClient(async e =>
        {
            try
            {
                await ReadAndAnswerAsync(e);
            }
            catch (RequestBodyException broken)
            {
                error = broken.Error;
            }
        }).Open();

        client.Send(
            Frame.OpenHeaders(1, Fields.Post("/", ("content-length", length))), Frame.Data(1, body, end: true));

        Assert.Equal(isReset ? "Reset:1:Protocol" : "Headers:1 Data:1:3:end", client.TakeText());
        var stream = client.Received.Stream(1);
        Assert.Equal(isReset ? (ErrorCode.Protocol, "") : (null, body), ((ErrorCode?)stream.Reset, stream.Text));
        Assert.Equal(isReset ? ForwardError.RequestBodyInvalid : null, error);
        Assert.Equal(1, client.Ended);
        client.Send(Frame.Headers(3, Fields.Get("/")));
        Assert.StartsWith("Headers:3", client.TakeText(), StringComparison.Ordinal);
    }

    [Fact]
    public void StreamsThatComeToNothing_AreEndedAtSomeTime()
    {
        var client = new MemoryClient(async e =>
        {
            try
            {
                await ReadAndAnswerAsync(e);
            }
            catch (RequestBodyException)
            {
                // It is never answered.
            }
        }).Open();
        var opened = 0;
        while (client.Client.Phase != ClientPhase.Lingering && opened < 100_000)
        {
            client.Send(Frame.OpenHeaders((2 * opened++) + 1, Fields.Post("/")), Frame.Reset((2 * opened) - 1));
        }

        Assert.InRange(opened, 1001, 99_999);
        client.Take();
        Assert.Equal(ErrorCode.EnhanceYourCalm, client.Received.GoAway);
        Assert.Equal(client.Served.Count, client.Ended);
    }

    [Fact]
    public async Task ClientThatHasGone_EndsWhatIsBeingServed()
    {
        var errors = new List<ForwardError>();
        var client = new MemoryClient(async e =>
        {
            try
            {
                await ReadAndAnswerAsync(e);
            }
            catch (RequestBodyException broken)
            {
                errors.Add(broken.Error);
            }
        }).Open();
        client.Send(Frame.OpenHeaders(1, Fields.Post("/")), Frame.OpenHeaders(3, Fields.Post("/")));
        Assert.Equal(2, client.Client.InFlight);

        await client.EndAsync();

        Assert.Equal((2, 0), (client.Ended, client.Client.InFlight));
        Assert.Equal([ForwardError.ClientGone, ForwardError.ClientGone], errors);
    }

    private static async ValueTask ReadAndAnswerAsync(Http2Exchange exchange)
    {
        var all = "";
        while (true)
        {
            var read = await exchange.Body.ReadAsync();
            all += Heads.Text(read.Buffer.ToArray());
            exchange.Body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                await MemoryClient.AnswerAsync(exchange, all);
                return;
            }
        }
    }
}
