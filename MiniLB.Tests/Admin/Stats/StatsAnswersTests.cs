using System.Text.Json;
using MiniLB.Admin.Stats;
using MiniLB.State;

namespace MiniLB.Tests.Admin.Stats;

public sealed class StatsAnswersTests
{
    private readonly World _world = Sample.World(3, 1);

    [Fact]
    public void Document_HasTheMembersThatItsReadersAskFor()
    {
        using var json = JsonDocument.Parse(new StatsAnswers(_world, new Lifecycle()).Answer().Body);
        var pool = json.RootElement.GetProperty("pools")[0];

        Assert.Equal(
            [
                "bytesIn", "bytesOut", "certificates", "connections", "failures", "flips", "inFlight", "latency", "pools",
                "rates", "ready", "refused", "requests", "retries", "sources", "time", "uptimeSeconds", "version",
            ],
            Names(json.RootElement));
        Assert.Equal(["m1", "m15", "s1"], Names(json.RootElement.GetProperty("rates")));
        Assert.Equal(["p50", "p90", "p99", "p999"], Names(json.RootElement.GetProperty("latency")));
        Assert.Equal(
            [
                "backends", "failures", "inFlight", "latency", "pool", "rates", "requests", "retries", "strategy",
                "waiting",
            ],
            Names(pool));
        Assert.Equal("roundRobin", pool.GetProperty("strategy").GetString());
        Assert.Equal(
            [
                "alive", "available", "backup", "bytesIn", "bytesOut", "circuit", "connections", "ejected", "errors",
                "failures", "inFlight", "latency", "mode", "pool", "rates", "reason", "requests", "retries", "sends",
                "share", "since", "source", "state", "tunnels", "url", "weight",
            ],
            Names(pool.GetProperty("backends")[0]));
    }

    [Fact]
    public void Document_IsReadAsItWasWritten()
    {
        var answers = new StatsAnswers(_world, new Lifecycle());
        var read = JsonSerializer.Deserialize(answers.Answer().Body, StatsJson.Default.StatsDocument)!;

        Assert.Equal(
            answers.Document().Pools[0].Backends.Select(b => (b.Url, b.State, b.Share)),
            read.Pools[0].Backends.Select(b => (b.Url, b.State, b.Share)));
    }

    [Fact]
    public void Share_IsThatOfTheWeights_AmongThoseInRotation()
    {
        Assert.Equal([0.75, 0.25], Shares());

        _world.SetMode(_world.Current.DefaultPool.All[0], BackendMode.Disabled);

        Assert.Equal([0, 1], Shares());
    }

    [Fact]
    public void Totals_AreThoseOfAllPoolsAndOfWhatMiniLbAnsweredItself()
    {
        _world.Statistics.Own.Counters.Add(new Served(4, 0, 1) { BytesOut = 3 });
        _world.Current.DefaultPool.Traffic.Counters.Add(new Served(2, 0, 1) { BytesOut = 4 });

        var document = new StatsAnswers(_world, new Lifecycle()).Document();

        Assert.Equal((2, 7, 1), (document.Requests, document.BytesOut, document.Pools[0].Requests));
    }

    private IEnumerable<double> Shares() =>
        new StatsAnswers(_world, new Lifecycle()).Document().Pools[0].Backends.Select(b => b.Share);

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(p => p.Name).Order();
}
