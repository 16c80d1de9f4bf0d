using System.Diagnostics;
using System.Text.RegularExpressions;
using MiniLB.Load.Engine;
using MiniLB.Load.Reports;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Load.Reports;

/// <summary>The page as a real browser shows it.</summary>
public sealed partial class ReportInABrowserTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, int> Reports => new()
    {
        // Requests a second, latency, distribution, failures, who answered.
        { "full", 5 },
        // No distribution, nobody answered.
        { "all failed", 3 },
        { "nothing made", 0 },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Reports))]
    public async Task Page_ShowsItsPlots_WithoutAnError(string name, int plots)
    {
        var (page, console) = await ShowAsync(Of(name), "light");

        Assert.DoesNotContain("CONSOLE", console, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.DoesNotContain("undefined</", page, StringComparison.Ordinal);
        var drawn = Plot().Matches(page);
        Assert.Equal(plots, drawn.Count);
        Assert.All(drawn, p => Assert.Matches("<(path|rect) ", p.Value));
        Assert.Contains("<title>failover: " + (name == "full" ? "passed" : "not passed"), page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("light", "rgb(246, 247, 249)")]
    [InlineData("dark", "rgb(17, 21, 26)")]
    public async Task Page_IsAsLightOrDarkAsTheReaderLikes(string scheme, string background)
    {
        var (page, _) = await ShowAsync(Of("full"), scheme);

        Assert.Contains($"data-background=\"{background}\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NamesFromOutside_AreShown_NotRun()
    {
        var (page, console) = await ShowAsync(
            SampleReport.Of(backend: "<img src=x onerror=document.title='hit'>"), "light");

        Assert.DoesNotContain("CONSOLE", console, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x", page, StringComparison.Ordinal);
    }

    private static Report Of(string name) => name switch
    {
        "full" => SampleReport.Of(),
        "all failed" => SampleReport.Of(failed: 1000) with
        {
            Backends = [], Distribution = [], Thresholds = [new("failed", "at most", 0, 1000, false)],
        },
        _ => SampleReport.Of() with
        {
            Requests = 0,
            Answered = 0,
            Failed = 0,
            Refused = 0,
            Failures = [],
            Backends = [],
            Distribution = [],
            Timeline = [],
            Events = [],
            LatencyMs = Latencies.Of(new LatencyHistogram()),
        },
    };

    /// <returns>The document after its script has run, and what the browser logged.</returns>
    private async Task<(string Page, string Console)> ShowAsync(Report report, string scheme)
    {
        var file = _folder.Write("report.html", ReportFiles.Html(report.ToJson()).Replace(
            "</body>",
            "<script>document.body.dataset.background = getComputedStyle(document.body).backgroundColor</script></body>",
            StringComparison.Ordinal));
        var start = new ProcessStartInfo("chromium")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--window-size=1200,1800",
                $"--user-data-dir={_folder.File("profile")}",
                "--blink-settings=preferredColorScheme=" + (scheme == "dark" ? 0 : 1),
                "--dump-dom", "file://" + file,
            },
        };
        using var browser = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var page = browser.StandardOutput.ReadToEndAsync(limit.Token);
            var console = browser.StandardError.ReadToEndAsync(limit.Token);
            await browser.WaitForExitAsync(limit.Token);
            // The script that holds the report is not what is shown.
            return (Script().Replace(await page, ""), await console);
        }
        finally
        {
            browser.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex("<svg id=\"plot.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Plot();

    [GeneratedRegex("<script>.*?</script>", RegexOptions.Singleline)]
    private static partial Regex Script();
}
