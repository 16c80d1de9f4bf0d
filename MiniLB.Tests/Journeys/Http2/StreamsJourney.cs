using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Http2.Backends;
using MiniLB.Tests.Journeys.Http2.Wire;
using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys.Http2;

/// <summary>Streams of one connection are independent: their bodies flow as their windows allow, and one that is reset
/// ends its work at the backend at once.</summary>
public sealed class StreamsJourney(BalancedBackend balanced, ITestOutputHelper output) : IClassFixture<BalancedBackend>
{
    private const int Rounds = 9;

    // Far below every time limit; usually some milliseconds.
    private static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("one stream of a waiting GET")]
    [InlineData("one stream amid its upload")]
    [InlineData("the whole connection")]
    public async Task ClientThatLeaves_EndsTheWorkAtTheBackendWithin100Milliseconds(string what)
    {
        var times = new List<TimeSpan>();
        for (var round = 0; round < Rounds; round++)
        {
            await using var client = await H2Connection.OpenAsync(balanced.Program.Url);
            await client.SendAsync(what == "one stream amid its upload"
                ? [Frame.OpenHeaders(1, Fields.Post("/stall")), Frame.Data(1, new byte[1000])]
                : [Frame.Headers(1, Fields.Get("/hang"))]);
            await Eventually.True(() => balanced.Backend.Hanging == 1, "the request at the backend", client.ToString);

            var watch = Stopwatch.StartNew();
            if (what == "the whole connection")
            {
                client.ResetConnection();
            }
            else
            {
                await client.SendAsync(Frame.Reset(1));
            }

            await Eventually.True(() => balanced.Backend.Hanging == 0, "the end at the backend");
            times.Add(watch.Elapsed);
        }

        var told = string.Join(", ", times.Select(t => t.TotalMilliseconds));
        output.WriteLine($"until the end at the backend: {told} ms");
        // The machine may pause now and then; the program may not.
        Assert.InRange(times.Order().ElementAt(Rounds / 2), TimeSpan.Zero, CancelLimit);
        await balanced.FenceAsync();
    }

    /// <summary>The end of the connection comes while the body is being passed on: at another point of it each
    /// time.</summary>
    [Fact]
    public async Task ConnectionErrorAmidAnUpload_EndsTheRequestAndTheConnection_EachTime()
    {
        Frame[] upload =
        [
            Frame.OpenHeaders(1, Fields.Post("/echo")), Frame.Data(1, "abc"),
            new Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 1, [0x80]), // index 0
        ];
        var said = balanced.Program.Errors.Length;
        await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
        {
            await using var client = await H2Connection.OpenAsync(balanced.Program.Url);
            await client.SendAsync(upload);
            await Eventually.True(() => client.Closed, "the end of the connection", client.ToString);
        });

        Assert.DoesNotContain("unexpected", balanced.Program.Errors[said..], StringComparison.Ordinal);
        Assert.DoesNotContain("unhandled", balanced.Program.Errors[said..], StringComparison.Ordinal);
        await balanced.FenceAsync();
    }

    [Fact]
    public async Task StreamThatIsReset_LeavesTheOthersAlone()
    {
        await using var client = await H2Connection.OpenAsync(balanced.Program.Url);
        await client.SendAsync(
            Frame.Headers(1, Fields.Get("/hang")), Frame.OpenHeaders(3, Fields.Post("/echo")), Frame.Data(3, "ab"));
        await Eventually.True(() => balanced.Backend.Hanging == 1, "the request at the backend", client.ToString);

        await client.SendAsync(Frame.Reset(1), Frame.Data(3, "c", end: true));

        Assert.Equal("abc", (await client.AnswerAsync(3)).Text);
        Assert.Null(client.GoAway);
    }

    [Fact]
    public async Task UploadBeyondTheWindow_IsAFlowControlError()
    {
        await using var client = await H2Connection.OpenAsync(balanced.Program.Url);
        await client.SendAsync(Frame.OpenHeaders(1, Fields.Post("/stall")));

        var piece = Frame.Data(1, new byte[16_384]);
        for (var i = 0; i < 4096 && !client.IsOver(1); i++)
        {
            await client.SendAsync(piece);
        }

        await client.UntilAsync(
            () => client.Look(1, s => s.HasFailed([ErrorCode.FlowControl])), "FLOW_CONTROL_ERROR");
        await balanced.FenceAsync();
    }

    [Fact]
    public async Task BackendThatReadsNothing_HoldsTheUploadBack()
    {
        await using var client = await H2Connection.OpenAsync(balanced.Program.Url);
        await client.SendAsync(Frame.OpenHeaders(1, Fields.Post("/stall")));
        var (sent, limit) = (0, 32 * 1024 * 1024);

        while (sent < limit && await H2Connection.SeesAsync(() => client.Window(1) > 0, TimeSpan.FromSeconds(1)))
        {
            var piece = client.TakeWindow(1, 16_384);
            await client.SendAsync(Frame.Data(1, new byte[piece]));
            sent += piece;
        }

        output.WriteLine($"{sent:N0} bytes until the window stayed shut");
        Assert.InRange(sent, 1, limit - 1);
        Assert.False(client.Closed);
    }

    [Fact]
    public async Task Bodies_OnManyStreamsAtOnce_ComeBackUnchanged()
    {
        await using var backend = await TestBackend.StartAsync(c => c.Request.Body.CopyToAsync(c.Response.Body));
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var client = await H2Connection.OpenAsync(program.Url);
        var streams = Enumerable.Range(0, 8).Select(i => (2 * i) + 1).ToArray();
        var bodies = streams.ToDictionary(s => s, _ => RandomNumberGenerator.GetBytes(1_500_001));

        await Task.WhenAll(streams.Select(async s =>
        {
            await client.SendAsync(Frame.OpenHeaders(s, Fields.Post("/")));
            await client.SendBodyAsync(s, bodies[s]);
        }));

        foreach (var stream in streams)
        {
            var answer = await client.AnswerAsync(stream);
            Assert.Equal(200, answer.Status);
            Assert.True(bodies[stream].AsSpan().SequenceEqual(answer.Body.ToArray()), $"stream {stream}: {answer}");
        }
    }

    [Fact]
    public async Task EachPieceOfAnUpload_IsAnsweredBeforeTheNextIsSent()
    {
        await using var backend = await TestBackend.StartAsync(EchoAsync);
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var client = await H2Connection.OpenAsync(program.Url);
        await client.SendAsync(Frame.OpenHeaders(1, Fields.Post("/")));

        foreach (var piece in new[] { "one", "two", "three" })
        {
            await client.SendAsync(Frame.Data(1, piece));
            await client.UntilAsync(
                () => client.See(1, s => s.Text.EndsWith(piece, StringComparison.Ordinal)), $"the echo of {piece}");
        }

        await client.SendAsync(Frame.Data(1, "", end: true));
        Assert.Equal("onetwothree", (await client.AnswerAsync(1)).Text);
    }

    [Fact]
    public async Task StreamsBeyondTheLimit_AreRefusedUntilOneEnds()
    {
        await using var backend = new RecordingBackend();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "limits.http2Streams=4");
        await using var client = await H2Connection.OpenAsync(program.Url);
        await client.UntilAsync(() => client.Settled, "the settings");
        Assert.Equal(4u, client.Setting(Wire.Setting.MaxConcurrentStreams));

        await client.SendAsync([.. new[] { 1, 3, 5, 7, 9, 11 }.Select(s => Frame.Headers(s, Fields.Get("/hang")))]);
        await client.UntilAsync(() => client.IsOver(9) && client.IsOver(11), "the refusals");
        Assert.Equal(ErrorCode.RefusedStream, client.See(9, s => s.Reset));
        Assert.Equal(ErrorCode.RefusedStream, client.See(11, s => s.Reset));
        await Eventually.True(() => backend.Hanging == 4, "the others at the backend");

        await client.SendAsync(Frame.Reset(1));
        await Eventually.True(() => backend.Hanging == 3, "the end of one");
        await client.SendAsync(Frame.Headers(13, Fields.Get("/r")));
        Assert.Equal("ok", (await client.AnswerAsync(13)).Text);
        Assert.Equal(5, backend.Requests.Count);
    }

    internal static async Task EchoAsync(HttpContext context)
    {
        var buffer = new byte[16 * 1024];
        await context.Response.Body.FlushAsync();
        for (int count; (count = await context.Request.Body.ReadAsync(buffer)) > 0;)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, count));
            await context.Response.Body.FlushAsync();
        }
    }
}
