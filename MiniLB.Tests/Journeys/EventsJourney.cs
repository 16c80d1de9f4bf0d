using System.Globalization;
using System.Text.RegularExpressions;
using MiniLB.Admin;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>The admin address tells how things stand for as long as somebody listens, and keeps nobody waiting for
/// it.</summary>
public sealed class EventsJourney
{
    private const string Watch = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n";

    [Fact]
    public async Task Stream_BeginsWithAllThereIs_AndTellsOfChanges()
    {
        await using var program = await RunningProgram.BalanceAsync("--backend", FailoverJourney.DeadUrl());
        await using var client = await RawConnection.OpenAsync(program.AdminUrl);

        await client.SendAsync(Watch);
        var head = await client.ReadHeadAsync();
        var first = await client.ReadThroughAsync("\n\n");
        await AdminOf.DoAsync(program, "drain", "default/" + await NameAsync(program));

        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: text/event-stream\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nCache-Control: no-store\r\n", head, StringComparison.Ordinal);
        Assert.Matches(@"^[0-9a-f]+\r\ndata: \{.*""mode"":""enabled"".*\}\n\n$", first);
        await client.ReadThroughAsync("\"mode\":\"draining\"");
    }

    [Fact]
    public async Task Head_HasNoStream_AndTheConnectionGoesOn()
    {
        await using var program = await RunningProgram.BalanceAsync("--backend", FailoverJourney.DeadUrl());
        await using var client = await RawConnection.OpenAsync(program.AdminUrl);

        await client.SendAsync(Watch.Replace("GET", "HEAD", StringComparison.Ordinal) + "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.Contains("text/event-stream", await client.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal("alive\n", (await client.ReadResponseAsync()).Body);
    }

    [Fact]
    public async Task MoreStreamsThanThereMayBe_AreRefused_UntilOneIsClosed()
    {
        await using var program = await RunningProgram.BalanceAsync("--backend", FailoverJourney.DeadUrl());
        var streams = new List<RawConnection>();
        for (var i = 0; i < EventFeed.MostStreams; i++)
        {
            streams.Add(await RawConnection.OpenAsync(program.AdminUrl));
            await streams[i].SendAsync(Watch);
            await streams[i].ReadThroughAsync("data: ");
        }

        await using var more = await RawConnection.OpenAsync(program.AdminUrl);
        await more.SendAsync(Watch);
        Assert.StartsWith("HTTP/1.1 503 ", (await more.ReadResponseAsync()).Head, StringComparison.Ordinal);
        await streams[0].DisposeAsync();

        await Eventually.True(async () =>
        {
            await more.SendAsync(Watch);
            var head = await more.ReadHeadAsync();
            await more.ReadAsync(Length(head));
            return head.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal);
        }, "a stream in place of the one that was closed");
        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("cross-site", 403)]
    [InlineData("same-site", 403)]
    [InlineData("same-origin", 200)]
    public async Task PageOfAnotherSite_MayNotWatch(string site, int status)
    {
        await using var program = await RunningProgram.BalanceAsync("--backend", FailoverJourney.DeadUrl());
        await using var client = await RawConnection.OpenAsync(program.AdminUrl);

        await client.SendAsync(Watch.Replace("\r\n\r\n", $"\r\nSec-Fetch-Site: {site}\r\n\r\n", StringComparison.Ordinal));

        Assert.StartsWith($"HTTP/1.1 {status} ", await client.ReadHeadAsync(), StringComparison.Ordinal);
    }

    // Without an end to the grace: a stop that waited for the stream would never be over.
    [Fact]
    public async Task Stop_EndsTheStreams_AndWaitsForNone()
    {
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", FailoverJourney.DeadUrl(), "--set", "shutdown.grace=0s");
        await using var client = await RawConnection.OpenAsync(program.AdminUrl);
        await client.SendAsync(Watch);
        await client.ReadThroughAsync("data: ");

        Assert.Equal(0, await program.StopAsync());

        Assert.EndsWith("\n\n\r\n0\r\n\r\n", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientThatReadsNothing_IsCut()
    {
        await using var program = await RunningProgram.BalanceAsync([
            "--set", "timeouts.write=1s", "--set", "log.level=debug", "--set", "pools.default.healthCheck.enabled=false",
            .. Enumerable.Range(1, 200).SelectMany(i => new[] { "--backend", $"http://127.0.0.1:{i}" })]);
        await using var client = await RawConnection.OpenAsync(program.AdminUrl);
        client.Socket.ReceiveBufferSize = 4096;
        await client.SendAsync(Watch);
        using var operators = new HttpClient();
        var weight = 0;

        // Each change is an event of 200 backends, until the system takes no more of them.
        await Eventually.True(async () =>
        {
            using var body = new StringContent((++weight % 256 + 1).ToString(CultureInfo.InvariantCulture), null, "application/json");
            using var _ = await operators.PutAsync(new Uri(program.AdminUrl, "/backends/default/127.0.0.1:1/weight"), body);
            return program.Errors.Contains("it took nothing of its answer", StringComparison.Ordinal);
        }, "the cut", () => program.Errors);
    }

    private static int Length(string head) =>
        Regex.Match(head, @"Content-Length: (\d+)") is { Success: true } length
            ? int.Parse(length.Groups[1].Value, CultureInfo.InvariantCulture)
            : 0;

    private static async Task<string> NameAsync(RunningProgram program)
    {
        using var client = new HttpClient();
        var all = await client.GetStringAsync(new Uri(program.AdminUrl, "/backends"));
        return Regex.Match(all, @"http://([\d.:]+)").Groups[1].Value;
    }
}
