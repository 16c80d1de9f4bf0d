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
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "pools.default.keepAlive.idle=1s");
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
        // The attack did take place; where each of its requests is answered at once, few are open at a time.
        Assert.InRange(Math.Max(most, backend.Requests - normal.Answered), Connections / 2, 8 * Connections);
        Assert.Empty(normal.Failures);
        program.SaysNothingOfExceptions();
        Assert.InRange(normal.Answered, 500, int.MaxValue);
        Assert.InRange(memory.Grown, 0, 96L << 20);
        await Eventually.True(
            () => ProcessFigures.Descriptors(program.Id) <= before + 16, "the connections of the attack are closed",
            () => $"{before} before, {ProcessFigures.Descriptors(program.Id)} now");
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
