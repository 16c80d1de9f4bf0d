using MiniLB.RequestPath.Forward;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class TargetCacheTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/a/../b/./c//d")]
    [InlineData("/%2e%2E/%41%zz%")]
    [InlineData("/a?b=c&d=%20+e?f")]
    [InlineData("/a#b")]
    [InlineData("//evil.example/a")]
    [InlineData("/a\\b|c{d}^\"`<>")]
    [InlineData("/?")]
    [InlineData("/\u00e9")]
    [InlineData("/@a:80/")]
    public void Target_ArrivesByteForByte(string target)
    {
        var uri = new TargetCache().For(Sample.Backend("http://10.0.0.1:8080"), target);

        Assert.Equal(target, uri.PathAndQuery);
        Assert.Equal(("10.0.0.1", 8080), (uri.Host, uri.Port));
    }

    [Theory]
    [InlineData("http://10.0.0.1", "http://10.0.0.1/")]
    [InlineData("https://api.example", "http://api.example:443/")]
    [InlineData("http://[2001:db8::1]:8080", "http://[2001:db8::1]:8080/")]
    [InlineData("http://[fe80::1%25eth0]:8080", "http://[fe80::1]:8080/")]
    public void Backend_IsNamedByHostAndPort_PlainForTheHandlerEvenOverTls(string url, string expected) =>
        Assert.Equal(expected, new TargetCache().For(Sample.Backend(url), "/").AbsoluteUri);

    [Fact]
    public void Target_AskedForAgain_IsTheSameObject()
    {
        var cache = new TargetCache();
        var backends = Enumerable.Range(0, 8).Select(i => Sample.Backend($"http://127.0.0.1:{9001 + i}", i)).ToArray();
        var first = Array.ConvertAll(backends, b => cache.For(b, "/a"));

        Assert.All(backends, b => Assert.Same(first[b.Index], cache.For(b, "/a")));
    }

    [Fact]
    public void TargetOrBackend_OfTheSameSlot_IsNotConfused()
    {
        var cache = new TargetCache();
        var first = Sample.Backend("http://127.0.0.1:9001", 0);
        var ninth = Sample.Backend("http://127.0.0.1:9009", 8);
        cache.For(first, "/a");

        Assert.Equal("/b", cache.For(first, "/b").PathAndQuery);
        Assert.Equal(9009, cache.For(ninth, "/b").Port);
        Assert.Equal(9001, cache.For(first, "/b").Port);
    }
}
