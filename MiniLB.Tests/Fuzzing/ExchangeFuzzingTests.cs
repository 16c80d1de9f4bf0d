using MiniLB.Tests.Fuzzing.Engine;
using Xunit.Abstractions;

namespace MiniLB.Tests.Fuzzing;

/// <summary>Whatever clients and backends send: every request ends, nothing is mixed up, repeated, invented or cut off
/// unnoticed, and the process lives.</summary>
/// <remarks>MINILB_FUZZ_SECONDS is the time; MINILB_FUZZ_SEED and MINILB_FUZZ_CASE run one case again.</remarks>
[Collection(nameof(FuzzingAlone))]
public sealed class ExchangeFuzzingTests(ITestOutputHelper output)
{
    private const double LeastReachedPercent = 30;

    [Fact]
    public async Task AnyExchange_RunsThroughTheProgram_IsPassedOnExactlyOrRefused()
    {
        var settings = FuzzSettings.FromEnvironment();
        await using var run = new FuzzRun(settings);

        var report = await run.RunAsync(settings.OnlyCase is null ? FuzzFiles.ReadCorpus() : []);

        output.WriteLine(report.Summary());
        Console.WriteLine(report.Summary());
        var files = FuzzFiles.Write(report.Findings);
        Assert.False(
            report.Findings.Any, $"{report.Summary()}\n{report.Details()}\nwritten:\n{string.Join('\n', files)}");
        if (settings.OnlyCase is null)
        {
            Assert.True(report.ReachedPercent >= LeastReachedPercent, report.Summary());
            Assert.True(report.MutatedReachedPercent >= LeastReachedPercent, report.Summary());
        }
    }
}
