using System.Net;
using MiniLB.Admin;
using MiniLB.Config.Options;
using MiniLB.Tests.RequestPath;

namespace MiniLB.Tests.Admin;

public sealed class DetailRulesTests
{
    [Theory]
    [InlineData("Private", null, true)]
    [InlineData("Private", "127.0.0.1", true)]
    [InlineData("Private", "::1", true)]
    [InlineData("Private", "192.168.1.1", true)]
    [InlineData("Private", "::ffff:10.0.0.1", true)]
    [InlineData("Private", "203.0.113.7", true)]
    [InlineData("Private", "203.0.114.7", false)]
    [InlineData("Private", "2001:db8::1", false)]
    [InlineData("All", "203.0.114.7", true)]
    [InlineData("None", "127.0.0.1", false)]
    [InlineData("None", null, false)]
    public void Backends_AreShown_ToWhomTheOptionSays(string detail, string? client, bool shown)
    {
        var options = new BalancerOptions
        {
            StatusDetail = Enum.Parse<StatusDetail>(detail),
            TrustedProxies = TestExchange.Cidrs("203.0.113.0/24"),
        };

        Assert.Equal(shown, DetailRules.ShowsBackends(client is null ? null : IPAddress.Parse(client), options));
    }
}
