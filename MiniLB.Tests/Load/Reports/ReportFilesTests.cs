using System.Text;
using System.Text.Json;
using MiniLB.Load.Reports;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Load.Reports;

public sealed class ReportFilesTests
{
    [Fact]
    public void Json_HoldsEveryFigure()
    {
        var report = SampleReport.Of();
        using var json = JsonDocument.Parse(report.ToJson());
        var root = json.RootElement;

        Assert.Equal("failover", root.GetProperty("scenario").GetString());
        Assert.Equal(1000, root.GetProperty("requests").GetInt64());
        Assert.Equal(3, root.GetProperty("failed").GetInt64());
        Assert.Equal(10, root.GetProperty("refused").GetInt64());
        Assert.Equal(3, root.GetProperty("failures").GetProperty("broken off").GetInt64());
        Assert.Equal(10, root.GetProperty("timeline").GetArrayLength());
        Assert.Equal(report.LatencyMs.P99, root.GetProperty("latencyMs").GetProperty("p99").GetDouble());
        Assert.Equal("b1 killed", root.GetProperty("events")[0].GetProperty("what").GetString());
        Assert.True(root.GetProperty("passed").GetBoolean());
    }

    [Fact]
    public void Distribution_HoldsEveryAnswerOnce() =>
        Assert.Equal(SampleReport.Of().Answered, SampleReport.Of().Distribution.Sum(b => b.Count));

    [Fact]
    public void Html_HoldsTheSameJson_AndAsksForNothingElse()
    {
        using var folder = new TemporaryFolder();
        ReportFiles.Write(SampleReport.Of(), new DirectoryInfo(folder.Path));
        var html = File.ReadAllText(folder.File("report.html"));

        Assert.Contains(File.ReadAllText(folder.File("report.json")), html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("href=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
    }

    [Fact]
    public void NameOfABackend_CannotEndTheScript()
    {
        var html = ReportFiles.Html(SampleReport.Of(backend: "</script><img src=x>").ToJson());

        Assert.Equal(1, Count(html, "</script>"));
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_NamesFailuresBackendsAndThresholds()
    {
        var table = ReportTable.Of(SampleReport.Of() with
        {
            Thresholds = [new MiniLB.Load.Profiles.ThresholdResult("failed", "at most", 0, 3, false)],
        });

        foreach (var line in new[]
        {
            "requests              1000", "failed                3", "  broken off          3",
            "refused, as expected  10", $"by b1                 {SampleReport.Of().Backends["b1"]} (33.0 %)",
            "threshold             failed is 3, wanted at most 0: BROKEN",
        })
        {
            Assert.Contains(line, table.Split('\n'));
        }
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
