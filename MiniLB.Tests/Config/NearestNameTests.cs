using MiniLB.Config;

namespace MiniLB.Tests.Config;

public sealed class NearestNameTests
{
    private static readonly string[] Known = ["interval", "downInterval", "timeout", "rise", "fall", "status", "path"];

    [Theory]
    [InlineData("intervall", "interval")]
    [InlineData("Interval", "interval")]
    [InlineData("INTERVAL", "interval")]
    [InlineData("intreval", "interval")]
    [InlineData("timeuot", "timeout")]
    [InlineData("time_out", "timeout")]
    [InlineData("ris", "rise")]
    [InlineData("pats", "path")]
    [InlineData("down_interval", "downInterval")]
    [InlineData("fallthrough", null)]
    [InlineData("", null)]
    [InlineData("x", null)]
    [InlineData("certificate", null)]
    public void MisspeltName_SuggestsTheOneItMeant_OrNone(string written, string? nearest) =>
        Assert.Equal(nearest, NearestName.Of(written, Known));

    [Fact]
    public void MisspeltName_NearToTwo_SuggestsTheNearer() =>
        Assert.Equal("rate", NearestName.Of("rats", ["ratio", "rate"]));
}
