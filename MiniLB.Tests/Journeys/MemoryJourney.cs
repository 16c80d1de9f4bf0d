using System.Globalization;
using System.Text.Json;
using MiniLB.BackgroundLoops.Memory;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>What many clients have taken is given back once they have left, though nobody asks for memory then.</summary>
public sealed class MemoryJourney
{
    [Fact]
    public async Task MemoryOfAPeak_IsGivenBack()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "accessLog.format=off");
        using var admin = new HttpClient();
        var clients = new List<RawConnection>();
        for (var i = 0; i < Peak.Many + 100; i++)
        {
            clients.Add(await RawConnection.OpenAsync(program.Url));
            await clients[i].SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        }

        foreach (var client in clients)
        {
            await client.ReadHeadAsync();
        }

        await Eventually.True(
            async () => await MetricAsync("minilb_client_connections") >= Peak.Many, "that all are counted");
        // The peak is seen once a second.
        var up = await UptimeAsync();
        await Eventually.True(async () => await UptimeAsync() > up + 2, "two beats more");
        var (heap, full) = (await MetricAsync("minilb_gc_heap_bytes"), await FullCollectionsAsync());
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }

        await Eventually.True(async () => await FullCollectionsAsync() > full, "a collection of all");
        Assert.InRange(await MetricAsync("minilb_gc_heap_bytes"), 0, heap);

        async Task<double> UptimeAsync() => JsonDocument
            .Parse(await admin.GetStringAsync(new Uri(program.AdminUrl, "/stats")))
            .RootElement.GetProperty("uptimeSeconds").GetDouble();

        Task<double> FullCollectionsAsync() => CollectionsAsync(admin, program, generation: 2);

        Task<double> MetricAsync(string name) => MetricOfAsync(admin, program, name);
    }

    [Fact]
    public async Task WhatTheStartHasLeft_IsCollected_BeforeAnybodyAsks()
    {
        await using var program = await RunningProgram.BalanceAsync("--backend", FailoverJourney.DeadUrl());
        using var admin = new HttpClient();

        await Eventually.True(
            async () => await CollectionsAsync(admin, program, generation: 1) > 0, "a collection of two generations");
    }

    private static Task<double> CollectionsAsync(HttpClient admin, RunningProgram program, int generation) =>
        MetricOfAsync(admin, program, $"minilb_gc_collections_total{{generation=\"{generation}\"}}");

    private static async Task<double> MetricOfAsync(HttpClient admin, RunningProgram program, string name)
    {
        var metrics = await admin.GetStringAsync(new Uri(program.AdminUrl, "/metrics"));
        var line = metrics.Split('\n').Single(l => l.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line[name.Length..], CultureInfo.InvariantCulture);
    }
}
