using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Http2.Backends;
using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2;

/// <summary>Every wait on an HTTP/2 client has its limit, and a transfer that makes progress has none.</summary>
public sealed class TimeLimitsJourney
{
    private const int Step = 100;

    private static readonly string[] Short =
        ["--set", "timeouts.read=1s", "--set", "timeouts.idle=1s", "--set", "timeouts.write=1s"];

    [Theory]
    [InlineData("nothing")]
    [InlineData("half a preface")]
    [InlineData("a preface alone")]
    [InlineData("settings alone")]
    [InlineData("half a frame")]
    [InlineData("half a header block")]
    [InlineData("a finished request")]
    public async Task ConnectionThatSays_IsClosedInTime(string what)
    {
        await using var backend = new RecordingBackend();
        await using var program = await RunningProgram.BalanceAsync(["--backend", backend.Url, .. Short]);
        await using var client = await H2Connection.ConnectAsync(program.Url);
        byte[] started = [.. Frame.Preface, .. Frame.Settings().ToBytes()];
        byte[] block = (Frame.Headers(1, Fields.Get("/r")) with { Flags = FrameFlags.EndStream }).ToBytes();

        await client.SendBytesAsync(what switch
        {
            "nothing" => [],
            "half a preface" => Frame.Preface[..10],
            "a preface alone" => Frame.Preface,
            "settings alone" => started,
            "half a frame" => [.. started, .. block[..20]],
            "half a header block" => [.. started, .. block],
            _ => [.. started, .. Frame.Headers(1, Fields.Get("/r")).ToBytes()],
        });

        await client.UntilAsync(() => client.Closed, "the close");
        Assert.Equal(what == "a finished request" ? 1 : 0, backend.Requests.Count);
    }

    [Fact]
    public async Task HeaderBlockThatDrips_IsCutInTime()
    {
        await using var backend = new RecordingBackend();
        await using var program = await RunningProgram.BalanceAsync(["--backend", backend.Url, .. Short]);
        await using var client = await H2Connection.OpenAsync(program.Url);
        await client.SendAsync(Frame.Headers(1, Fields.Get("/r")) with { Flags = FrameFlags.EndStream });

        await client.UntilAsync(() =>
        {
            _ = client.SendAsync(new Frame(FrameType.Continuation, FrameFlags.None, 1, []));
            return client.Closed;
        }, "the close");

        Assert.Empty(backend.Requests);
    }

    [Fact]
    public async Task BodyThatStalls_IsEndedByItsStreamAlone()
    {
        await using var backend = new RecordingBackend();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "timeouts.read=1s");
        await using var client = await H2Connection.OpenAsync(program.Url);
        await client.SendAsync(
            Frame.OpenHeaders(1, Fields.Post("/echo", ("content-length", "5"))), Frame.Data(1, "abc"));

        var answer = await client.AnswerAsync(1);

        Assert.True(answer.Status == 408 || answer.Reset is not null, answer.ToString());
        await client.SendAsync(Frame.Headers(3, Fields.Get("/r")));
        Assert.Equal("ok", (await client.AnswerAsync(3)).Text);
        await Eventually.True(() => backend.Requests.All(r => r.Ended), "the end of the unfinished request");
        Assert.False(backend.Requests.Single(r => r.Path == "/echo").Complete);
    }

    [Fact]
    public async Task ClientThatTakesNothing_IsCutInTimeAndTheBackendIsFreed()
    {
        await using var backend = new RecordingBackend();
        await using var program = await RunningProgram.BalanceAsync(["--backend", backend.Url, .. Short]);
        await using var client = await H2Connection.OpenAsync(program.Url);
        client.OpensWindows = false;

        await client.SendAsync(Frame.Headers(1, Fields.Get("/large")));

        await client.UntilAsync(() => client.IsOver(1), "the end of the stream");
        Assert.False(client.See(1, s => s.Ended));
        await Eventually.True(() => backend.Requests.All(r => r.Ended), "the end at the backend");
    }

    [Fact]
    public async Task DownloadThatMakesProgress_OutlivesTheLimits()
    {
        await using var backend = new RecordingBackend();
        // A busy machine may leave the test itself without a turn for a second.
        string[] limits = [.. Short.Select(s => s.Replace("1s", "3s", StringComparison.Ordinal))];
        await using var program = await RunningProgram.BalanceAsync(["--backend", backend.Url, .. limits]);
        await using var client = await H2Connection.OpenAsync(program.Url, (Setting.InitialWindowSize, 0));
        client.OpensWindows = false;
        await client.SendAsync(Frame.WindowUpdate(0, 1 << 20), Frame.Headers(1, Fields.Get("/large")));
        var watch = System.Diagnostics.Stopwatch.StartNew();

        for (var taken = 0; watch.Elapsed < TimeSpan.FromSeconds(7); taken += Step)
        {
            await client.SendAsync(Frame.WindowUpdate(1, Step));
            await client.UntilAsync(() => client.IsOver(1) || client.See(1, s => s.Body.Length) > taken, "more bytes");
            Assert.False(client.IsOver(1), client.ToString());
            await H2Connection.SeesAsync(() => client.IsOver(1), TimeSpan.FromMilliseconds(200));
        }
    }
}
