using MiniLB.Wire;

namespace MiniLB.Tests.Wire;

public sealed class TargetFormTests
{
    [Theory]
    [InlineData("GET", "/", true)]
    [InlineData("GET", "//", true)]
    [InlineData("GET", "/a?b", true)]
    [InlineData("OPTIONS", "*", true)]
    [InlineData("GET", "*", false)]
    [InlineData("options", "*", false)]
    [InlineData("OPTIONS", "**", false)]
    [InlineData("GET", "a", false)]
    [InlineData("GET", "?a", false)]
    [InlineData("GET", "http://a", true)]
    [InlineData("GET", "HTTPS://a/b", true)]
    [InlineData("GET", "http://", false)]
    [InlineData("GET", "http:///a", false)]
    [InlineData("GET", "http://?a", false)]
    [InlineData("GET", "http:/a", false)]
    [InlineData("GET", "ftp://a/", false)]
    [InlineData("GET", "a:80", false)]
    [InlineData("CONNECT", "a:80", true)]
    public void Form_FitsItsMethod(string method, string target, bool fits) =>
        Assert.Equal(fits, TargetForm.Fits(method, target));

    [Theory]
    [InlineData("/a/../b%2F?c=http://d", "", "/a/../b%2F?c=http://d")]
    [InlineData("*", "", "*")]
    [InlineData("http://a", "a", "/")]
    [InlineData("http://a/", "a", "/")]
    [InlineData("http://a:80/b?c", "a:80", "/b?c")]
    [InlineData("HtTpS://[::1]:8443//b", "[::1]:8443", "//b")]
    [InlineData("http://a?b/c", "a", "/?b/c")]
    [InlineData("http://u@a/", "u@a", "/")]
    public void AbsoluteForm_IsTakenApartByteForByte(string target, string authority, string origin)
    {
        Assert.Equal(authority, TargetForm.Authority(target).ToString());
        Assert.Equal(origin, TargetForm.Origin(target, "GET"));
    }

    [Theory]
    [InlineData("http://a", "*")]
    [InlineData("http://a/", "/")]
    [InlineData("http://a?b", "/?b")]
    public void OptionsOfAServer_InAbsoluteForm_AsksAboutTheServer(string target, string origin) =>
        Assert.Equal(origin, TargetForm.Origin(target, "OPTIONS"));
}
