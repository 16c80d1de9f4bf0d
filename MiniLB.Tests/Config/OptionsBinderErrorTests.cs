namespace MiniLB.Tests.Config;

/// <summary>Each wrong value is one line: where it stands, which key, what was found, what is accepted.</summary>
public sealed class OptionsBinderErrorTests
{
    private const string ListenExpected =
        "host:port, :port, [::1]:port or unix:/path, the host being an address or localhost";

    [Theory]
    [InlineData("\"listeners\": []", "2:14 listeners: has no listener")]
    [InlineData("\"listeners\": \":80\"", "2:14 listeners: expected a list, found ':80'")]
    [InlineData("\"listeners\": [{}]", "2:15 listeners[0].address: is missing; expected " + ListenExpected)]
    [InlineData("\"listeners\": [{\"address\": \"example.com:80\"}]",
        "2:27 listeners[0].address: 'example.com:80' is not " + ListenExpected)]
    [InlineData("\"listeners\": [{\"address\": null}]",
        "2:27 listeners[0].address: expected " + ListenExpected + ", found null")]
    [InlineData("\"listeners\": [{\"address\": \":80\", \"adress\": 1}]",
        "2:34 listeners[0].adress: unknown key; did you mean 'address'?")]
    [InlineData("\"listeners\": [{\"address\": \":80\", \"proxyProtocol\": true}]",
        "2:51 listeners[0].proxyProtocol: 'true' is not one of off, required")]
    [InlineData("\"listeners\": [{\"address\": \":80\", \"proxyProtocol\": \"required\"}]",
        "2:51 listeners[0].proxyProtocol: is required, but trustedProxies is empty, so that every connection would be "
        + "closed; expected the addresses of the proxies in trustedProxies")]
    [InlineData("\"statusPath\": \"health\"", "2:15 statusPath: 'health' is not a path such as /health, or null")]
    [InlineData("\"statusPath\": \"/a b\"", "2:15 statusPath: '/a b' is not a path such as /health, or null")]
    [InlineData("\"statusPath\": [\"/a\"]", "2:15 statusPath: expected a path such as /health, or null, found a list")]
    [InlineData("\"statusDetail\": \"some\"", "2:17 statusDetail: 'some' is not one of all, private, none")]
    [InlineData("\"admin\": \":9901\"", "2:10 admin: expected keys and values, found ':9901'")]
    [InlineData("\"pools\": {}",
        "2:10 pools: no backend is configured; give --backend http://HOST:PORT or pools.default.backends")]
    [InlineData("\"trustedProxies\": [\"10.0.0.0/8\", \"proxy\"]",
        "2:34 trustedProxies[1]: 'proxy' is not an address range such as 10.0.0.0/8 or fd00::/8, or an address")]
    [InlineData("\"trustedProxies\": \"10.0.0.0/8\"", "2:19 trustedProxies: expected a list, found '10.0.0.0/8'")]
    [InlineData("\"limits\": {\"connections\": -1}", "2:27 limits.connections: '-1' is not a whole number, at least 0")]
    [InlineData("\"limits\": {\"inFlight\": 1.5}", "2:24 limits.inFlight: '1.5' is not a whole number, at least 0")]
    [InlineData("\"limits\": {\"headers\": 0}", "2:23 limits.headers: '0' is not a whole number, at least 1")]
    [InlineData("\"limits\": {\"headerBytes\": 0}", "2:27 limits.headerBytes: '0' is not a size from 256 to 16MiB")]
    [InlineData("\"limits\": {\"headerBytes\": \"17MiB\"}",
        "2:27 limits.headerBytes: '17MiB' is not a size from 256 to 16MiB")]
    [InlineData("\"limits\": {\"requestLine\": 255}", "2:27 limits.requestLine: '255' is not a size from 256 to 16MiB")]
    [InlineData("\"limits\": {\"body\": \"1MB\"}",
        "2:20 limits.body: '1MB' is not a size such as 8192, 64KiB or 1MiB")]
    [InlineData("\"limits\": {\"minBodyRate\": true}",
        "2:27 limits.minBodyRate: 'true' is not a size such as 8192, 64KiB or 1MiB")]
    [InlineData("\"timeouts\": {\"read\": 15}",
        "2:22 timeouts.read: '15' is not a duration such as 250ms, 10s, 5m or 1h")]
    [InlineData("\"timeouts\": {\"write\": \"-1s\"}",
        "2:23 timeouts.write: '-1s' is not a duration such as 250ms, 10s, 5m or 1h")]
    [InlineData("\"timeouts\": {\"idle\": {}}",
        "2:22 timeouts.idle: expected a duration such as 250ms, 10s, 5m or 1h, found a map")]
    [InlineData("\"log\": {\"level\": \"Debug\"}",
        "2:18 log.level: 'Debug' is not one of debug, information, warning, error")]
    [InlineData("\"log\": {\"format\": \"xml\"}", "2:19 log.format: 'xml' is not one of text, json")]
    [InlineData("\"shutdown\": {\"delay\": \"soon\"}",
        "2:23 shutdown.delay: 'soon' is not a duration such as 250ms, 10s, 5m or 1h")]
    [InlineData("\"shutdown\": {\"grace\": null}",
        "2:23 shutdown.grace: expected a duration such as 250ms, 10s, 5m or 1h, found null")]
    [InlineData("\"timeout\": {}", "2:1 timeout: unknown key; did you mean 'timeouts'?")]
    [InlineData("\"StatusPath\": \"/a\"", "2:1 StatusPath: unknown key; did you mean 'statusPath'?")]
    [InlineData("\"log\": {\"colour\": true}", "2:9 log.colour: unknown key; known here: level, format")]
    public void Value_ThatDoesNotFit_IsExactlyThisLine(string line, string error) =>
        Assert.Equal(["minilb.json:" + error], Configured.ByLine(line).Errors);

    [Theory]
    [InlineData("[1, 2]", "a list")]
    [InlineData("5", "'5'")]
    [InlineData("\"pools\"", "'pools'")]
    public void TopLevel_ThatIsNoMap_SaysWhatWasFound(string text, string found) =>
        Assert.Contains($"minilb.json:1:1: expected keys and values, found {found}", Configured.By(text).Errors);

    [Fact]
    public void Errors_OfOneFile_AreReportedAllAtOnceInTheirOrder()
    {
        var errors = Configured.By("""
            {
              "statusDetail": 1,
              "admin": {"mode": 9},
              "pools": {"web": {"backends": ["x"], "strategy": "best"}},
              "limits": {"headers": "many"},
              "timeouts": {"read": "x", "write": "y", "idle": "z"}
            }
            """).Errors;

        Assert.Equal(
            ["2:19", "3:21", "4:52", "4:34", "5:25", "6:24", "6:38", "6:51"],
            errors.Select(e => e["minilb.json:".Length..e.IndexOf(' ')]));
    }
}
