using System.Net;
using MiniLB.Config;

namespace MiniLB.Tests.Config;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData(":8080", "[::]:8080", true)]
    [InlineData("*:8080", "[::]:8080", true)]
    [InlineData(":0", "[::]:0", true)]
    [InlineData(":65535", "[::]:65535", true)]
    [InlineData("0.0.0.0:80", "0.0.0.0:80", false)]
    [InlineData("127.0.0.1:9901", "127.0.0.1:9901", false)]
    [InlineData("localhost:80", "127.0.0.1:80", false)]
    [InlineData("[::1]:80", "[::1]:80", false)]
    [InlineData("[2001:db8::7]:443", "[2001:db8::7]:443", false)]
    public void HostAndPort_IsWhereToBind(string text, string endpoint, bool anyAddress)
    {
        Assert.True(ListenAddress.TryParse(text, out var address));
        Assert.Equal(IPEndPoint.Parse(endpoint), address.EndPoint);
        Assert.Equal(anyAddress, address.AnyAddress);
        Assert.Equal(text, address.Text);
        Assert.False(address.IsUnix);
    }

    [Theory]
    [InlineData("")]
    [InlineData("8080")]
    [InlineData("127.0.0.1")]
    [InlineData(":")]
    [InlineData(":-1")]
    [InlineData(":+80")]
    [InlineData(": 80")]
    [InlineData(":65536")]
    [InlineData(":80a")]
    [InlineData("::1:80")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("[::1]")]
    [InlineData("[[::1]]:80")]
    [InlineData("[[::1]:9]:80")]
    [InlineData("256.0.0.1:80")]
    [InlineData("example.com:80")]
    [InlineData("http://127.0.0.1:80")]
    [InlineData("unix:relative")]
    [InlineData("unix:")]
    [InlineData("UNIX:/run/minilb.sock")]
    public void Text_ThatIsNoAddress_IsRefused(string text) => Assert.False(ListenAddress.TryParse(text, out _));

    [Fact]
    public void UnixPath_OfTheLongestThatLinuxTakes_IsAcceptedAndOneByteMoreIsRefused()
    {
        var path = "/" + new string('a', 104) + "ü";

        Assert.True(ListenAddress.TryParse("unix:" + path, out var address));
        Assert.Equal(path, address.EndPoint.ToString());
        Assert.False(ListenAddress.TryParse("unix:" + path + "a", out _));
    }

    [Theory]
    [InlineData("127.0.0.1:80", true)]
    [InlineData("127.8.0.1:80", true)]
    [InlineData("localhost:80", true)]
    [InlineData("[::1]:80", true)]
    [InlineData("unix:/run/minilb.sock", true)]
    [InlineData(":80", false)]
    [InlineData("0.0.0.0:80", false)]
    [InlineData("[::]:80", false)]
    [InlineData("10.0.0.1:80", false)]
    public void Local_IsWhatOnlyThisMachineReaches(string text, bool local)
    {
        Assert.True(ListenAddress.TryParse(text, out var address));
        Assert.Equal(local, address.IsLocal);
    }
}
