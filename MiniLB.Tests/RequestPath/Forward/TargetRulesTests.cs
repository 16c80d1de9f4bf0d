using MiniLB.RequestPath.Forward;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class TargetRulesTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/../b//c%2F%zz?q=http://x/y#z", "/a/../b//c%2F%zz?q=http://x/y#z")]
    [InlineData("//evil.example/a", "//evil.example/a")]
    [InlineData("http://a/b?c", "/b?c")]
    [InlineData("http://a:80", "/")]
    [InlineData("http://a?c=/d", "/?c=/d")]
    [InlineData("https://user@a/b", "/b")]
    [InlineData("http://[::1]:80/b", "/b")]
    [InlineData("http://a//b", "//b")]
    [InlineData("*", "*")]
    [InlineData("a:443", "a:443")]
    public void Target_LosesSchemeAndAuthority_AndNothingElse(string target, string origin) =>
        Assert.Equal(origin, TargetRules.OriginForm(target));
}
