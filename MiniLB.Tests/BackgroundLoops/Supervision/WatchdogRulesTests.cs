using MiniLB.BackgroundLoops.Supervision;

namespace MiniLB.Tests.BackgroundLoops.Supervision;

public sealed class WatchdogRulesTests
{
    [Theory]
    [InlineData("30000000", null, 30_000.0)]
    [InlineData("30000000", "7", 30_000.0)]
    [InlineData("30000000", "", 30_000.0)]
    [InlineData("1000", null, 1.0)]
    [InlineData("30000000", "8", null)]
    [InlineData("30000000", "seven", null)]
    [InlineData("999", null, null)]
    [InlineData("0", null, null)]
    [InlineData("-1", null, null)]
    [InlineData("9223372036854775807", null, null)]
    [InlineData("30s", null, null)]
    [InlineData("", null, null)]
    [InlineData(null, null, null)]
    public void Limit_IsThatOfThisProcess(string? limit, string? process, double? milliseconds) => Assert.Equal(
        milliseconds,
        WatchdogRules.Limit(
            name => name switch { "WATCHDOG_USEC" => limit, "WATCHDOG_PID" => process, _ => null }, process: 7)
            ?.TotalMilliseconds);
}
