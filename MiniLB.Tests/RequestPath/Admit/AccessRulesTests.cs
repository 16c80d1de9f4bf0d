using System.Net;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Admit;

namespace MiniLB.Tests.RequestPath.Admit;

public sealed class AccessRulesTests
{
    [Theory]
    // allow, deny, client
    [InlineData("", "", "192.0.2.1", true)]
    [InlineData("", "192.0.2.0/24", "192.0.2.1", false)]
    [InlineData("", "192.0.2.0/24", "::ffff:192.0.2.1", false)]
    [InlineData("", "192.0.2.0/24", "192.0.3.1", true)]
    [InlineData("192.0.2.0/24", "", "192.0.2.1", true)]
    [InlineData("192.0.2.0/24", "", "192.0.3.1", false)]
    [InlineData("192.0.2.0/24", "", "2001:db8::1", false)]
    [InlineData("192.0.2.0/24", "192.0.2.1", "192.0.2.1", false)]
    [InlineData("192.0.2.1", "192.0.2.0/24", "192.0.2.1", false)]
    [InlineData("192.0.2.0/24", "192.0.2.1", "192.0.2.2", true)]
    [InlineData("192.0.2.0/24", "0.0.0.0/0", null, true)]
    public void Client_MayEnter_AsTheListsSay(string allow, string deny, string? client, bool mayEnter)
    {
        var access = new AccessOptions { Allow = TestExchange.Cidrs(allow), Deny = TestExchange.Cidrs(deny) };

        Assert.Equal(mayEnter, AccessRules.MayEnter(client is null ? null : IPAddress.Parse(client), access));
    }
}
