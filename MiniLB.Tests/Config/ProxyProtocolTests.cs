using MiniLB.Config.Options;

namespace MiniLB.Tests.Config;

/// <summary>What the keys of the PROXY protocol and of Forwarded come to; what is refused is with the other
/// errors.</summary>
public sealed class ProxyProtocolTests
{
    [Theory]
    [InlineData("\"listeners\": [{\"address\": \":80\"}]", false)]
    [InlineData("\"listeners\": [{\"address\": \":80\", \"proxyProtocol\": \"off\"}]", false)]
    [InlineData("\"listeners\": [{\"address\": \":80\", \"proxyProtocol\": false}]", false)]
    [InlineData("\"trustedProxies\": [\"::1\"], "
        + "\"listeners\": [{\"address\": \":80\", \"proxyProtocol\": \"required\"}]", true)]
    [InlineData("\"listeners\": [{\"address\": \"unix:/run/a\", \"proxyProtocol\": \"required\"}]", true)]
    public void Listener_AsksForAHeader_WhereItIsRequired(string line, bool asks) =>
        Assert.Equal(asks, Assert.Single(Configured.Good(Configured.ByLine(line)).Listeners).ProxyProtocol);

    [Theory]
    [InlineData("\"slowStart\": 0", ProxyProtocolVersion.Off)]
    [InlineData("\"sendProxyProtocol\": \"off\"", ProxyProtocolVersion.Off)]
    [InlineData("\"sendProxyProtocol\": false, \"http\": \"2\"", ProxyProtocolVersion.Off)]
    [InlineData("\"sendProxyProtocol\": \"v1\"", ProxyProtocolVersion.V1)]
    [InlineData("\"sendProxyProtocol\": \"v2\"", ProxyProtocolVersion.V2)]
    public void Pool_SendsWhatIsWritten(string line, object version) => Assert.Equal(
        (ProxyProtocolVersion)version, Configured.Good(Configured.ByPoolLine(line)).Pools[0].SendProxyProtocol);

    [Theory]
    [InlineData("\"headers\": {}", false)]
    [InlineData("\"headers\": {\"forwarded\": true}", true)]
    [InlineData("\"headers\": {\"request\": {\"set\": {\"Forwarded\": \"x\"}}}", false)]
    public void Forwarded_IsSent_WhereItIsAskedFor(string line, bool forwarded) =>
        Assert.Equal(forwarded, Configured.Good(Configured.ByLine(line)).Headers.Forwarded);

    [Fact]
    public void Rule_CannotChangeForwarded_WhereItIsSent() => Assert.Contains(
        "2:52 headers.request.set.forwarded: 'forwarded' is not a header name that may be changed here",
        Assert.Single(Configured.ByLine(
            "\"headers\": {\"forwarded\": true, \"request\": {\"set\": {\"forwarded\": \"x\"}}}").Errors),
        StringComparison.Ordinal);
}
