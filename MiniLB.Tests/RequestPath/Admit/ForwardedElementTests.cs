using System.Net;
using MiniLB.RequestPath.Admit;

namespace MiniLB.Tests.RequestPath.Admit;

public sealed class ForwardedElementTests
{
    [Theory]
    [InlineData("192.0.2.1", "example.com", "https", "for=192.0.2.1;host=example.com;proto=https")]
    [InlineData("192.0.2.1", "", "http", "for=192.0.2.1;proto=http")]
    [InlineData("2001:db8::1", "example.com", "http", "for=\"[2001:db8::1]\";host=example.com;proto=http")]
    [InlineData("fe80::1%3", "example.com", "http", "for=\"[fe80::1]\";host=example.com;proto=http")]
    [InlineData(null, "example.com", "http", "for=unknown;host=example.com;proto=http")]
    [InlineData("192.0.2.1", "example.com:8080", "http", "for=192.0.2.1;host=\"example.com:8080\";proto=http")]
    [InlineData("192.0.2.1", "[::1]:80", "http", "for=192.0.2.1;host=\"[::1]:80\";proto=http")]
    [InlineData("192.0.2.1", "a;b=c,d", "http", "for=192.0.2.1;host=\"a;b=c,d\";proto=http")]
    [InlineData("192.0.2.1", "a\"b\\c", "http", "for=192.0.2.1;host=\"a\\\"b\\\\c\";proto=http")]
    [InlineData("192.0.2.1", "\u00e9", "http", "for=192.0.2.1;host=\"\u00e9\";proto=http")]
    public void Element_QuotesWhatIsNoToken(string? peer, string host, string scheme, string element) =>
        Assert.Equal(element, ForwardedElement.Of(peer is null ? null : IPAddress.Parse(peer), host, scheme));
}
