namespace MiniLB.Tests.Config;

/// <summary>Each wrong value is one line: where it stands, which key, what was found, what is accepted.</summary>
public sealed class PoolBinderErrorTests
{
    private const string HeaderValue = "a header value of printable ASCII without blanks around it";

    private const string Positive = "a duration such as 250ms, 10s, 5m or 1h, above 0";

    private const string WholeSeconds = "a duration of whole seconds such as 10s, 5m or 1h, or null";

    [Theory]
    [InlineData("\"strategy\": \"fastest\"", "2:13 pools.web.strategy: 'fastest' is not one of "
        + "roundRobin, leastConnections, ipHash, consistentHash, random, powerOfTwo, peakEwma")]
    [InlineData("\"backends\": []", "2:13 pools.web.backends: the pool has no backend")]
    [InlineData("\"backends\": null", "2:13 pools.web.backends: the pool has no backend")]
    [InlineData("\"backends\": [\"htp://x\"]", "2:14 pools.web.backends[0].url: 'htp://x' is not an http or https URL")]
    [InlineData("\"backends\": [\"http://a\", {\"weight\": 2}]",
        "2:26 pools.web.backends[1].url: is missing; expected an http or https URL, or dns, srv or file")]
    [InlineData("\"backends\": [{\"url\": \"http://a\", \"weight\": 0}]",
        "2:44 pools.web.backends[0].weight: '0' is not a whole number from 1 to 256")]
    [InlineData("\"backends\": [{\"url\": \"http://a\", \"weight\": 257}]",
        "2:44 pools.web.backends[0].weight: '257' is not a whole number from 1 to 256")]
    [InlineData("\"backends\": [{\"url\": \"http://a\", \"wieght\": 2}]",
        "2:34 pools.web.backends[0].wieght: unknown key; did you mean 'weight'?")]
    [InlineData("\"backends\": [\"http://a\", \"http://A:80/\"]",
        "2:13 pools.web.backends: 'a' is listed 2 times; use weight for a larger share")]
    [InlineData("\"healthCheck\": true", "2:16 pools.web.healthCheck: expected keys and values, found 'true'")]
    [InlineData("\"sendProxyProtocol\": true",
        "2:22 pools.web.sendProxyProtocol: 'true' is not one of off, v1, v2")]
    [InlineData("\"http\": \"2\", \"sendProxyProtocol\": \"v1\"",
        "2:35 pools.web.sendProxyProtocol: needs http: \"1.1\": a PROXY header speaks for one client, and "
        + "clients share the connections to HTTP/2 backends; expected off, or http: \"1.1\"")]
    [InlineData("\"retry\": {\"attempts\": 0}",
        "2:23 pools.web.retry.attempts: '0' is not a whole number from 1 to 100")]
    [InlineData("\"retry\": {\"atempts\": 1}", "2:11 pools.web.retry.atempts: unknown key; did you mean 'attempts'?")]
    [InlineData("\"timeouts\": {\"connect\": 0}", "2:25 pools.web.timeouts.connect: '0' is not " + Positive)]
    [InlineData("\"timeouts\": {\"total\": \"x\"}",
        "2:23 pools.web.timeouts.total: 'x' is not a duration such as 250ms, 10s, 5m or 1h")]
    [InlineData("\"keepAlive\": {\"idle\": 1}",
        "2:23 pools.web.keepAlive.idle: '1' is not a duration such as 250ms, 10s, 5m or 1h")]
    [InlineData("\"limits\": {\"responseHeaders\": 0}",
        "2:31 pools.web.limits.responseHeaders: '0' is not a whole number, at least 1")]
    [InlineData("\"limits\": {\"responseHeaderBytes\": 1}",
        "2:35 pools.web.limits.responseHeaderBytes: '1' is not a size from 256 to 16MiB")]
    [InlineData("\"ejecton\": {}", "2:1 pools.web.ejecton: unknown key; did you mean 'ejection'?")]
    [InlineData("\"colour\": {}",
        "2:1 pools.web.colour: unknown key; known here: strategy, hash, backends, http, sendProxyProtocol, "
        + "healthCheck, timeouts, keepAlive, limits, slowStart, ejection, circuitBreaker, retry, stickySession, queue, "
        + "tls")]
    [InlineData("\"ejection\": {\"failures\": 0}",
        "2:26 pools.web.ejection.failures: '0' is not a whole number, at least 1")]
    [InlineData("\"ejection\": {\"maxPercent\": 101}",
        "2:28 pools.web.ejection.maxPercent: '101' is not a whole number from 0 to 100")]
    [InlineData("\"ejection\": {\"baseTime\": 0}", "2:26 pools.web.ejection.baseTime: '0' is not " + Positive)]
    [InlineData("\"circuitBreaker\": {\"failureRatio\": 0}",
        "2:36 pools.web.circuitBreaker.failureRatio: '0' is not a number above 0, at most 1")]
    [InlineData("\"circuitBreaker\": {\"trials\": 0}",
        "2:30 pools.web.circuitBreaker.trials: '0' is not a whole number, at least 1")]
    [InlineData("\"retry\": {\"statuses\": [99]}",
        "2:24 pools.web.retry.statuses[0]: '99' is not status codes such as 200-399 or 200,204")]
    [InlineData("\"retry\": {\"budget\": 2}", "2:21 pools.web.retry.budget: '2' is not a number from 0 to 1")]
    [InlineData("\"retry\": {\"maxBody\": \"1GiB\"}",
        "2:22 pools.web.retry.maxBody: '1GiB' is not a size up to 16MiB")]
    [InlineData("\"stickySession\": {\"cookie\": \"a b\"}",
        "2:29 pools.web.stickySession.cookie: 'a b' is not a cookie name")]
    [InlineData("\"stickySession\": {\"maxAge\": 0}",
        "2:29 pools.web.stickySession.maxAge: '0' is not " + WholeSeconds)]
    [InlineData("\"stickySession\": {\"maxAge\": \"999ms\"}",
        "2:29 pools.web.stickySession.maxAge: '999ms' is not " + WholeSeconds)]
    [InlineData("\"stickySession\": {\"maxAge\": \"1.5s\"}",
        "2:29 pools.web.stickySession.maxAge: '1.5s' is not " + WholeSeconds)]
    [InlineData("\"queue\": {\"size\": -1}", "2:19 pools.web.queue.size: '-1' is not a whole number, at least 0")]
    [InlineData("\"slowStart\": 5", "2:14 pools.web.slowStart: '5' is not a duration such as 250ms, 10s, 5m or 1h")]
    public void Value_ThatDoesNotFit_IsExactlyThisLine(string line, string error) =>
        Assert.Equal(["minilb.json:" + error], Configured.ByPoolLine(line).Errors);

    [Theory]
    [InlineData("\"enabled\": \"yes\"", "enabled: 'yes' is not true or false")]
    [InlineData("\"type\": \"icmp\"", "type: 'icmp' is not one of http, tcp")]
    [InlineData("\"path\": \"healthz\"", "path: 'healthz' is not a path such as /healthz, or null")]
    [InlineData("\"method\": \"GET /\"", "method: 'GET /' is not a method such as GET")]
    [InlineData("\"method\": \"\"", "method: '' is not a method such as GET")]
    [InlineData("\"host\": \"a\\tb\"", "host: 'a\tb' is not a host name")]
    [InlineData("\"headers\": 5", "headers: expected keys and values, found a text")]
    [InlineData("\"headers\": {\"X-A\": [1]}", "headers.X-A: expected " + HeaderValue + ", found a list")]
    [InlineData("\"port\": 0", "port: '0' is not a whole number from 1 to 65535")]
    [InlineData("\"port\": 65536", "port: '65536' is not a whole number from 1 to 65535")]
    [InlineData("\"interval\": \"0s\"", "interval: '0s' is not " + Positive)]
    [InlineData("\"downInterval\": \"off\"", "downInterval: 'off' is not " + Positive)]
    [InlineData("\"fastInterval\": null", "fastInterval: expected " + Positive + ", found null")]
    [InlineData("\"jitter\": 1.5", "jitter: '1.5' is not a number from 0 to 1")]
    [InlineData("\"jitter\": -0.5", "jitter: '-0.5' is not a number from 0 to 1")]
    [InlineData("\"jitter\": \"NaN\"", "jitter: 'NaN' is not a number from 0 to 1")]
    [InlineData("\"jitter\": \"-Infinity\"", "jitter: '-Infinity' is not a number from 0 to 1")]
    [InlineData("\"timeout\": 0", "timeout: '0' is not " + Positive)]
    [InlineData("\"rise\": 0", "rise: '0' is not a whole number, at least 1")]
    [InlineData("\"fall\": 0", "fall: '0' is not a whole number, at least 1")]
    [InlineData("\"status\": \"ok\"", "status: 'ok' is not status codes such as 200-399 or 200,204")]
    [InlineData("\"body\": \"\"", "body: '' is not a text")]
    [InlineData("\"initial\": \"unknown\"", "initial: 'unknown' is not one of probe, up, down")]
    public void HealthCheckValue_ThatDoesNotFit_IsExactlyThisLine(string line, string error)
    {
        var column = line.IndexOf(": ", StringComparison.Ordinal) + 3 + "\"healthCheck\": {".Length;
        column += line.Contains("X-A", StringComparison.Ordinal) ? "{\"X-A\": ".Length : 0;

        Assert.Equal([$"minilb.json:2:{column} pools.web.healthCheck.{error}"],
            Configured.ByPoolLine($"\"healthCheck\": {{{line}}}").Errors);
    }

    [Fact]
    public void HeaderName_ThatIsNoToken_IsReportedAtTheName() => Assert.Equal(
        ["minilb.json:2:29 pools.web.healthCheck.headers.X A: 'X A' is not a header name"],
        Configured.ByPoolLine("\"healthCheck\": {\"headers\": {\"X A\": \"1\"}}").Errors);

    [Fact]
    public void Pool_WithoutTheKeyBackends_IsReportedAtThePool() => Assert.Equal(
        ["minilb.json:2:11 pools.web.backends: the pool has no backend"],
        Configured.ByLine("\"pools\": {\"web\": {}}").Errors);
}
