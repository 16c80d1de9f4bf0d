using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Peers;
using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys.Endurance;

/// <summary>Bodies far larger than its memory pass through MiniLB, in both directions at once.</summary>
[Collection(EnduranceGroup.Name)]
public sealed class LargeTransferJourney(ITestOutputHelper output)
{
    private const long Size = 1L << 30;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData("1.1", false)]
    [InlineData("1.1", true)]
    [InlineData("2.0", true)]
    public async Task GibibyteUpAndDownAtOnce_ArrivesWholeAndMemoryStays(string version, bool chunked)
    {
        await using var backend = await TestBackend.StartAsync(context => AnswerAsync(context, chunked));
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        using var client = new HttpClient { Timeout = Limit };
        client.DefaultRequestVersion = new Version(version);
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await TransferAsync(client, program.Url, 1 << 20, chunked); // what is needed once is there then
        await using var memory = new ResidentMemory(program.Id);
        var watch = Stopwatch.StartNew();

        await TransferAsync(client, program.Url, Size, chunked);

        Figures.Say(output, string.Create(CultureInfo.InvariantCulture,
            $"1 GiB up and down at once, HTTP/{version}, {(chunked ? "without" : "with")} a length: "
            + $"{watch.Elapsed.TotalSeconds:f1} s, {memory}"));
        Assert.InRange(memory.Grown, 0, (ProcessFigures.IsNative ? 32L : 96L) << 20);
    }

    private static async Task TransferAsync(HttpClient client, Uri url, long size, bool chunked)
    {
        var up = UploadAsync(client, new Uri(url, "/up"), size, chunked);
        var down = DownloadAsync(client, new Uri(url, $"/down?size={size}"));
        Assert.Equal((size, size), (await up, await down));
    }

    private static async Task<long> UploadAsync(HttpClient client, Uri url, long size, bool chunked)
    {
        using var body = new PatternContent(size, chunked);
        using var response = await client.PostAsync(url, body);
        return long.Parse(await response.Content.ReadAsStringAsync(), CultureInfo.InvariantCulture);
    }

    private static async Task<long> DownloadAsync(HttpClient client, Uri url)
    {
        using var deadline = new CancellationTokenSource(Limit);
        await using var body = await client.GetStreamAsync(url, deadline.Token);
        return await Pattern.CheckAsync(body, deadline.Token);
    }

    private static async Task AnswerAsync(HttpContext context, bool chunked)
    {
        if (context.Request.Path == "/up")
        {
            var received = await Pattern.CheckAsync(context.Request.Body, context.RequestAborted);
            await context.Response.WriteAsync(received.ToString(CultureInfo.InvariantCulture));
            return;
        }

        var size = long.Parse(context.Request.Query["size"]!, CultureInfo.InvariantCulture);
        context.Response.ContentLength = chunked ? null : size;
        await Pattern.WriteAsync(context.Response.Body, size, context.RequestAborted);
    }
}
