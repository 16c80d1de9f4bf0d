using MiniLB.Admin;
using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.Tests.Admin;

public sealed class HostRulesTests
{
    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:9901", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.1:9901", true)]
    [InlineData("127.8.9.1", true)]
    [InlineData("[::1]", true)]
    [InlineData("[::1]:9901", true)]
    [InlineData("ops.example", true)]
    [InlineData("OPS.example:9901", true)]
    [InlineData("", false)]
    [InlineData(":9901", false)]
    [InlineData("evil.example", false)]
    [InlineData("evil.example:9901", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("evil.localhost", false)]
    [InlineData("sub.ops.example", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("0.0.0.0:9901", false)]
    [InlineData("[::]:9901", false)]
    [InlineData("[::1]evil", false)]
    [InlineData("[localhost]", false)]
    [InlineData("localhost:9901:evil.example", false)]
    public void Host_IsServed_WhereNobodyElseCanOwnTheName(string host, bool served) =>
        Assert.Equal(served, HostRules.IsServed(host, new AdminOptions { Hosts = ["ops.example"] }));

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("10.0.0.1:9901", true)]
    [InlineData("[fd00::1]:9901", true)]
    [InlineData("localhost", true)]
    [InlineData("evil.example", false)]
    [InlineData("10.0.0.1.evil.example", false)]
    public void Host_OfAnAddressForOtherMachines_MayBeANumber(string host, bool served)
    {
        Assert.True(ListenAddress.TryParse(":9901", out var address));

        Assert.Equal(served, HostRules.IsServed(host, new AdminOptions { Address = address }));
    }
}
