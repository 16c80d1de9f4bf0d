using System.Globalization;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Peers;
using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys.Endurance;

/// <summary>slowhttptest in its four modes keeps nobody else from being served.</summary>
[Collection(EnduranceGroup.Name)]
public sealed class SlowHttpTestJourney(ITestOutputHelper output)
{
    private const int Connections = 500;

    [Theory]
    [InlineData("slow heads", "-H", "-i", "2", "-x", "24")]
    [InlineData("slow bodies", "-B", "-i", "2", "-s", "8192", "-x", "10")]
    [InlineData("ranges", "-R", "-a", "5", "-b", "3000", "-t", "HEAD")]
    [InlineData("slow reading", "-X", "-n", "2", "-z", "32", "-w", "10", "-y", "20", "-k", "3")]
    public async Task NormalClients_AreAllServedMeanwhile(string mode, params string[] arguments)
    {
        await using var backend = await TestBackend.StartAsync(AnswerAsync);
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        var before = ProcessFigures.Descriptors(program.Id);
        await using var normal = new NormalClient(new Uri(program.Url, "/fine"), 4);
        await Eventually.True(() => normal.Answered > 50, "normal requests");
        await using var memory = new ResidentMemory(program.Id);

        var attack = Tool.RunAsync("slowhttptest",
        [
            .. arguments, "-c", $"{Connections}", "-r", "250", "-l", "10", "-p", "3", "-v", "1",
            "-u", new Uri(program.Url, "/large").ToString(),
        ]);
        var most = 0;
        while (!attack.IsCompleted)
        {
            most = Math.Max(most, ProcessFigures.Descriptors(program.Id) - before);
            await Task.WhenAny(attack, Task.Delay(50));
        }

        var attacker = await attack;
        await normal.DisposeAsync();
        Figures.Say(output, string.Create(CultureInfo.InvariantCulture,
            $"slowhttptest, {mode}: {most} descriptors more, {normal.Answered} normal requests, "
            + $"{normal.Failures.Count} failed, slowest {normal.Slowest.TotalMilliseconds:f0} ms, {memory}"));
        Assert.Contains("slow HTTP test status", attacker.Output, StringComparison.Ordinal);
        Assert.InRange(most, Connections / 2, 4 * Connections); // the attack did take place
        Assert.Empty(normal.Failures);
        Assert.InRange(normal.Answered, 500, int.MaxValue);
        Assert.InRange(memory.Grown, 0, 96L << 20);
        await Eventually.True(
            () => ProcessFigures.Descriptors(program.Id) <= before + 16, "the connections of the attack are closed");
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/fine")
        {
            context.Response.ContentLength = 4;
            await context.Response.WriteAsync("fine");
            return;
        }

        await context.Request.Body.CopyToAsync(Stream.Null);
        context.Response.ContentLength = 256 * 1024;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(new byte[256 * 1024]);
        }
    }
}
