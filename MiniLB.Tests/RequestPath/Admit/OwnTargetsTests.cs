using MiniLB.RequestPath.Admit;

namespace MiniLB.Tests.RequestPath.Admit;

public sealed class OwnTargetsTests
{
    [Theory]
    [InlineData("GET", "/health", true)]
    [InlineData("HEAD", "/health", true)]
    [InlineData("GET", "/health?verbose", true)]
    [InlineData("GET", "/health?", true)]
    [InlineData("POST", "/health", false)]
    [InlineData("OPTIONS", "/health", false)]
    [InlineData("get", "/health", false)]
    [InlineData("GET", "/health/", false)]
    [InlineData("GET", "/healthz", false)]
    [InlineData("GET", "/Health", false)]
    [InlineData("GET", "/heal", false)]
    [InlineData("GET", "/a/health", false)]
    [InlineData("GET", "/a?/health", false)]
    public void StatusPath_IsOurs_ForGetAndHeadOnly(string method, string target, bool ours) =>
        Assert.Equal(ours, OwnTargets.IsStatus(method, target, "/health"));

    [Fact]
    public void StatusPath_TurnedOff_IsTheBackends() => Assert.False(OwnTargets.IsStatus("GET", "/health", null));

    [Theory]
    [InlineData("OPTIONS", "*", true)]
    [InlineData("OPTIONS", "/*", false)]
    [InlineData("GET", "*", false)]
    public void OptionsOfTheServer_IsOurs(string method, string target, bool ours) =>
        Assert.Equal(ours, OwnTargets.IsOptionsOfServer(method, target));
}
