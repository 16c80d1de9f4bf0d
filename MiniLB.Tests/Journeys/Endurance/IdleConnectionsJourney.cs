using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Peers;
using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys.Endurance;

/// <summary>Connections on which nothing, or nothing more, is said cost little, and not for long.</summary>
[Collection(EnduranceGroup.Name)]
public sealed class IdleConnectionsJourney(ITestOutputHelper output)
{
    private const int Count = 2000;

    [Theory]
    [InlineData("silent", "", "")]
    [InlineData("half a head", "GET / HTTP/1.1\r\nHost: h\r\nX-Half", "HTTP/1.1 408 ")]
    [InlineData("half an HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\n", null)]
    [InlineData("kept after an answer", "GET /fine HTTP/1.1\r\nHost: h\r\n\r\n", "")]
    public async Task ThousandsOfThem_AreClosedInTimeAndOthersServed(string kind, string sent, string? farewell)
    {
        await using var backend = await TestBackend.StartAsync(AnswerAsync);
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "timeouts.read=2s", "--set", "timeouts.idle=2s",
            "--set", "pools.default.keepAlive.idle=1s");
        await using var normal = new NormalClient(new Uri(program.Url, "/fine"), 2);
        await Eventually.True(() => normal.Answered > 50, "normal requests");
        var before = ProcessFigures.Descriptors(program.Id);
        await using var memory = new ResidentMemory(program.Id);

        var idle = new List<RawConnection>(Count);
        for (var i = 0; i < Count; i++)
        {
            var connection = await RawConnection.OpenAsync(program.Url);
            idle.Add(connection);
            await connection.SendAsync(sent);
        }

        var watch = Stopwatch.StartNew();
        var ends = await Task.WhenAll(idle.Select(c => EndAsync(c, kind.StartsWith("kept", StringComparison.Ordinal))));
        var closed = watch.Elapsed;
        await normal.DisposeAsync();

        Figures.Say(output, string.Create(CultureInfo.InvariantCulture,
            $"{Count} connections, {kind}: closed within {closed.TotalSeconds:f1} s, "
            + $"{normal.Answered} normal requests, {normal.Failures.Count} failed, "
            + $"slowest {normal.Slowest.TotalMilliseconds:f0} ms, {memory}"));
        Assert.InRange(closed.TotalSeconds, 0, 10);
        Assert.All(ends, end => Assert.StartsWith(farewell ?? "", end, StringComparison.Ordinal));
        Assert.All(ends, end => Assert.True(farewell != "" || end == "", end));
        Assert.Empty(normal.Failures);
        program.SaysNothingOfExceptions();
        Assert.InRange(memory.Grown, 0, 96L << 20);
        await Eventually.True(
            () => ProcessFigures.Descriptors(program.Id) <= before + 16, "the descriptors are back");
        Assert.False(program.HasExited);
    }

    private static async Task<string> EndAsync(RawConnection connection, bool answered)
    {
        await using (connection)
        {
            if (answered)
            {
                Assert.Equal("fine", (await connection.ReadResponseAsync()).Body);
            }

            return await connection.ReadToEndAsync();
        }
    }

    private static Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentLength = 4;
        return context.Response.WriteAsync("fine");
    }
}
