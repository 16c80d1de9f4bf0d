using MiniLB.Admin;
using MiniLB.Config.Options;

namespace MiniLB.Tests.Admin;

public sealed class TokenRulesTests
{
    private const string Token = "0123456789abcdef";

    [Theory]
    [InlineData("Bearer 0123456789abcdef", true)]
    [InlineData("bearer 0123456789abcdef", true)]
    [InlineData("Bearer   0123456789abcdef", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("Bearer", false)]
    [InlineData("Bearer ", false)]
    [InlineData("0123456789abcdef", false)]
    [InlineData("Basic 0123456789abcdef", false)]
    [InlineData("Bearer 0123456789abcde", false)]
    [InlineData("Bearer 0123456789abcdef0", false)]
    [InlineData("Bearer 0123456789ABCDEF", false)]
    [InlineData("Bearer 0123456789abcdef, Bearer 0123456789abcdef", false)]
    public void Request_IsAllowed_WithTheToken(string? authorization, bool allowed) =>
        Assert.Equal(allowed, TokenRules.Allows("/backends", new AdminOptions { Token = Token }, authorization));

    [Theory]
    [InlineData("/livez", false, true)]
    [InlineData("/readyz?verbose", false, true)]
    [InlineData("/%72eadyz", false, true)] // it is found there too
    [InlineData("/metrics", false, false)]
    [InlineData("/metrics", true, true)]
    [InlineData("/metrics/x", true, false)]
    [InlineData("/metrics%2F", true, false)]
    [InlineData("/", false, true)]
    [InlineData("/?x", false, true)]
    [InlineData("//", true, false)]
    [InlineData("/events", true, false)]
    [InlineData("", true, false)]
    [InlineData("/health", true, false)]
    [InlineData("/config", true, false)]
    [InlineData("/livez/", true, false)]
    [InlineData("/livez/../backends", true, false)]
    [InlineData("//livez", true, false)]
    [InlineData("/backends?/livez", true, false)]
    [InlineData("*", true, false)]
    public void Request_WithoutTheToken_IsAllowedWhereNothingIsTold(string target, bool publicMetrics, bool allowed) =>
        Assert.Equal(allowed, TokenRules.Allows(
            target, new AdminOptions { Token = Token, PublicMetrics = publicMetrics }, authorization: null));

    [Fact]
    public void Request_WhereThereIsNoToken_IsAllowed() =>
        Assert.True(TokenRules.Allows("/backends", new AdminOptions(), authorization: null));
}
