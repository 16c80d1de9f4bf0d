using System.Net;
using MiniLB.Config;

namespace MiniLB.Tests.Config;

public sealed class CidrSetTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "::10.1.2.3", false)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::", false)]
    [InlineData("::1", "::1", true)]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.1.2.3", true)]
    public void Address_IsInTheRange_AsItsBitsSay(string range, string address, bool contained)
    {
        Assert.True(CidrSet.TryParseNetwork(range, out var network));
        Assert.Equal(contained, new CidrSet([network]).Contains(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.0/33")]
    [InlineData("::/129")]
    [InlineData("10.0.0.0/")]
    [InlineData("/8")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.256")]
    [InlineData("example.com")]
    [InlineData("10.0.0.0-10.0.0.9")]
    // Other programs read these as other addresses, or not at all.
    [InlineData("10")]
    [InlineData("10.1")]
    [InlineData("010.0.0.1")]
    [InlineData("0x0a.0.0.1")]
    public void Text_ThatIsNoRangeOrHasTwoMeanings_IsRefused(string text) =>
        Assert.False(CidrSet.TryParseNetwork(text, out _));

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.9.8.7", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.0", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("169.254.1.1", true)]
    [InlineData("::1", true)]
    [InlineData("fd12::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("::ffff:192.168.1.1", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("2001:db8::1", false)]
    public void PrivateRanges_AreThoseThatNoStrangerHas(string address, bool contained) =>
        Assert.Equal(contained, CidrSet.PrivateRanges.Contains(IPAddress.Parse(address)));

    [Fact]
    public void Empty_ContainsNothing()
    {
        Assert.False(CidrSet.Empty.Contains(IPAddress.Loopback));
        Assert.True(CidrSet.Empty.IsEmpty);
    }
}
