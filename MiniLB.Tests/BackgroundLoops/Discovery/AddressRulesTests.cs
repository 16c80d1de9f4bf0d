using System.Net;
using MiniLB.BackgroundLoops.Discovery;

namespace MiniLB.Tests.BackgroundLoops.Discovery;

public sealed class AddressRulesTests
{
    [Theory]
    [InlineData("10.0.0.2 10.0.0.1 fd00::1 10.0.0.2", "10.0.0.1 10.0.0.2 fd00::1")]
    [InlineData("::ffff:10.0.0.1 10.0.0.1", "10.0.0.1")]
    [InlineData("10.0.0.1 0.0.0.0 0.1.2.3 224.0.0.1 255.255.255.255 :: ff02::1 fe80::1", "10.0.0.1")]
    [InlineData("10.0.0.10 10.0.0.9", "10.0.0.9 10.0.0.10")]
    [InlineData("", "")]
    public void Usable_AreThoseOfServers_InOneOrder(string found, string usable)
    {
        var addresses = AddressRules.Usable(
            [.. found.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)]);

        Assert.Equal((usable, null, true),
            (string.Join(' ', addresses.Addresses), addresses.Problem, addresses.IsKnown));
    }

    [Fact]
    public void AnswerOfNothingElse_IsNotBelieved() =>
        Assert.False(AddressRules.Usable([IPAddress.Any, IPAddress.IPv6Any]).IsKnown);
}
