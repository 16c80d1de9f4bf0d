using System.Text.RegularExpressions;

namespace MiniLB.Tests.Architecture;

/// <summary>The wall clock, which operators and NTP set, is for what people read; what happens when goes by the clock that
/// nobody sets.</summary>
public sealed partial class WallClockTests
{
    /// <summary>Who may ask for the date, and why.</summary>
    private static readonly Dictionary<string, string> MayAsk = new()
    {
        ["BackgroundLoops/Certificates/CertificateLoop.cs"] = "a certificate expires at a date",
        ["Cli/CheckCommand.cs"] = "a certificate expires at a date",
        ["Logging/JsonLogFormatter.cs"] = "the time of an entry",
        ["Logging/TextLogFormatter.cs"] = "the time of an entry",
        ["RequestPath/Accept/DateField.cs"] = "the field Date, made anew each second of the other clock",
        ["RequestPath/Summarize/FailureReport.cs"] = "shown",
        ["RequestPath/Summarize/SpanSummary.cs"] = "the times of a span",
        ["RequestPath/Summarize/Summary.cs"] = "the time of a line in the access log",
        ["State/HealthHistory.cs"] = "shown",
        ["State/ReloadHistory.cs"] = "shown",
        ["State/Statistics.cs"] = "shown",
        ["State/World.cs"] = "shown: until when a backend is ejected",
        ["Transport/CertificateProblem.cs"] = "a certificate is valid between two dates",
    };

    [Fact]
    public void Date_IsAskedForByThoseAlone_WhoShowItOrCompareItWithOne() => Assert.Equal(
        MayAsk.Keys.Order(StringComparer.Ordinal),
        SourceFiles.All().Where(f => f.Lines.Any(l => WallClock().IsMatch(l))).Select(f => f.Path));

    [GeneratedRegex(@"\b(?:UtcNow|DateTime\.Now|DateTimeOffset\.Now|DateTime\.Today|GetUtcNow|GetLocalNow)\b")]
    private static partial Regex WallClock();
}
