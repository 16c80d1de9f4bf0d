using MiniLB.Tests.Fuzzing.Engine;
using MiniLB.Tests.Mutation;
using Xunit.Abstractions;

namespace MiniLB.Tests.Fuzzing;

/// <summary>The fuzzer is good for something: it finds each of these defects, planted one at a time, without help from
/// the corpus.</summary>
[Collection(nameof(FuzzingAlone))]
public sealed class PlantedDefectTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, (string Type, string Method, Replacement By)> Defects = new()
    {
        ["both framings are accepted"] = ("FramingRules", "HasTwoFramings", Replacement.False),
        ["any line end is accepted"] = ("FieldLines", "EndsInCarriageReturn", Replacement.True),
        ["unsafe requests are repeated"] = ("RetryRules", "IsIdempotent", Replacement.True),
        ["broken answers look whole"] = ("ResponseRelay", "Broken", Replacement.Of(0)),
        ["a 101 is taken unasked"] = ("UpgradeRules", "IsAsked", Replacement.True),
        ["any chunk extension is accepted"] = ("ChunkedDecoder", "IsExtension", Replacement.True),
        ["any trailer field is passed on"] = ("TrailerRules", "Hold", Replacement.Default),
    };

    public static TheoryData<string> Names => [.. Defects.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Defect_PlantedInTheProgram_IsFoundWithinAMinute(string name)
    {
        var (type, method, by) = Defects[name];
        using var mutant = await Mutant.BuildAsync(type, method, by);
        var settings = FuzzSettings.FromEnvironment() with { Duration = Limit, StopsAtFirstFinding = true };
        await using var run = new FuzzRun(settings, mutant.Assembly);

        var report = await run.RunAsync([]);

        output.WriteLine($"{report.Summary()}\n{report.Details()}");
        Assert.True(report.Findings.Any, $"{name}: {report.Summary()}");
    }
}
