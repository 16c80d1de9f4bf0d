using System.Text;
using MiniLB.Config;
using MiniLB.Load.Profiles;
using MiniLB.Load.Scenarios;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Load.Profiles;

public sealed class ProfileReaderTests
{
    [Fact]
    public void Profile_IsReadWhole()
    {
        var profile = Read("""
            {
              // Rates, then connections.
              "warmUp": "1s",
              "stages": [
                { "rate": 100, "for": "10s" },
                { "rampToRate": 300.5, "for": "500ms" },
                { "rampToConnections": 8, "for": "2m" },
                { "pause": "1s" },
                { "connections": 4, "for": "1s" },
              ],
              "expected": ["status 503"],
              "thresholds": { "failed": 0, "p99Ms": 12.5, "answeredPerSecond": 90 }
            }
            """, out var errors)!;

        Assert.Empty(errors);
        Assert.Equal(TimeSpan.FromSeconds(1), profile.WarmUp);
        Assert.Equal(
            [
                new LoadStage(LoadShape.Open, 100, 100, TimeSpan.FromSeconds(10)),
                new LoadStage(LoadShape.Open, 100, 300.5, TimeSpan.FromMilliseconds(500)),
                new LoadStage(LoadShape.Closed, 0, 8, TimeSpan.FromMinutes(2)),
                new LoadStage(LoadShape.Pause, 0, 0, TimeSpan.FromSeconds(1)),
                new LoadStage(LoadShape.Closed, 4, 4, TimeSpan.FromSeconds(1)),
            ],
            profile.Stages);
        Assert.Equal(["status 503"], profile.Expected);
        Assert.Equal(
            [("failed", 0.0), ("p99Ms", 12.5), ("answeredPerSecond", 90.0)],
            profile.Thresholds.Select(t => (t.Metric.Name, t.Limit)));
        Assert.Equal((300.5, 8.0), (profile.HighestRate, profile.MostConnections));
    }

    [Theory]
    [InlineData("""{ "stages": [] }""", "p.json:1:1 stages: a profile has one stage at least")]
    [InlineData("""{ "stages": [{ "rate": 5 }] }""",
        "p.json:1:14 stages[0]: a stage has one of rate, rampToRate, connections, rampToConnections and 'for', "
        + "or 'pause' alone")]
    [InlineData("""{ "stages": [{ "rate": -5, "for": "1s" }] }""",
        "p.json:1:24 stages[0].rate: '-5' is not a number above 0, at most 1000000")]
    [InlineData("""{ "stages": [{ "rate": 5, "for": "1 s" }] }""",
        "p.json:1:34 stages[0].for: '1 s' is not a duration such as 250ms, 10s, 5m or 1h, above 0")]
    [InlineData("""{ "stages": [{ "rat": 5, "for": "1s" }] }""",
        "p.json:1:16 stages[0].rat: unknown key; did you mean 'rate'?")]
    [InlineData("""{ "stages": [{ "rate": 5, "for": "1s" }], "thresholds": { "p98Ms": 5 } }""",
        "p.json:1:59 thresholds.p98Ms: unknown key; did you mean 'p95Ms'?")]
    [InlineData("""{ "stages": [{ "rate": 5, "for": "1s" }], "thresholds": { "failed": "none" } }""",
        "p.json:1:69 thresholds.failed: 'none' is not a number, at least 0")]
    [InlineData("""{ "stages": [{ "rate": 5 """, "p.json:1:26: not valid JSON")]
    public void WrongProfile_IsRefused_SayingWhere(string json, string error)
    {
        Read(json, out var errors);

        Assert.Contains(errors, e => e.StartsWith(error, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryScenario_HasAProfileWithoutErrors()
    {
        foreach (var scenario in ScenarioList.All)
        {
            var file = Path.Combine(
                ProgramUnderTest.Metadata("SourceFolder"), "MiniLB.Load", "Profiles", scenario.Name + ".json");
            var profile = Read(File.ReadAllText(file), out var errors)!;

            Assert.Empty(errors);
            Assert.Contains(profile.Thresholds, t => t is { Metric.Name: "failed", Limit: 0 });
        }
    }

    [Fact]
    public void Documentation_ListsEveryScenarioAndMetric_AndItsProfileIsRight()
    {
        var text = File.ReadAllText(
            Path.Combine(ProgramUnderTest.Metadata("SourceFolder"), "docs", "load-testing.md"));
        var example = text.Split("```json")[1].Split("```")[0];

        var profile = Read(example, out var errors)!;

        Assert.Empty(errors);
        Assert.Equal(5, profile.Stages.Count);
        Assert.All(ScenarioList.All, s => Assert.Contains($"| `{s.Name}` |", text, StringComparison.Ordinal));
        Assert.All(Metric.All, m => Assert.Contains($"`{m.Name}`", text, StringComparison.Ordinal));
    }

    [Fact]
    public void ScaledProfile_KeepsItsCourse()
    {
        var profile = Read("""
            { "warmUp": "9s", "stages": [{ "rate": 100, "for": "10s" }, { "rampToRate": 400, "for": "30s" }] }
            """, out _)!;

        var scaled = profile.Lasting(TimeSpan.FromSeconds(4)).TimesRate(0.5);

        Assert.Equal(
            [
                new LoadStage(LoadShape.Open, 50, 50, TimeSpan.FromSeconds(1)),
                new LoadStage(LoadShape.Open, 50, 200, TimeSpan.FromSeconds(3)),
            ],
            scaled.Stages);
        Assert.Equal(TimeSpan.FromSeconds(4), scaled.WarmUp);
        Assert.Equal(
            "50 requests a second for 1 s, then 50 to 200 requests a second for 3 s", string.Join(", then ", scaled.Stages));
    }

    private static LoadProfile? Read(string json, out IReadOnlyList<string> found)
    {
        var errors = new ConfigErrors();
        var profile = ProfileReader.Read(Encoding.UTF8.GetBytes(json), "p.json", errors);
        found = errors.Errors;
        return profile;
    }
}
