using MiniLB.Config.Options;

namespace MiniLB.Tests.Config;

public sealed class LogBinderTests
{
    private const string Collector = " is not the http URL of a collector such as http://127.0.0.1:4318, or null";

    [Theory]
    [InlineData("\"format\": \"common\"", "25 accessLog.format: 'common' is not one of json, combined, off, false")]
    [InlineData("\"path\": \"\"", "23 accessLog.path: '' is not a file to append to, or stdout")]
    [InlineData("\"sample\": 1.1", "25 accessLog.sample: '1.1' is not a number from 0 to 1")]
    [InlineData("\"sample\": \"10%\"", "25 accessLog.sample: '10%' is not a number from 0 to 1")]
    [InlineData("\"requestHeaders\": [\"X Y\"]", "34 accessLog.requestHeaders[0]: 'X Y' is not a header name")]
    [InlineData("\"responseHeaders\": \"Vary\"", "34 accessLog.responseHeaders: expected a list, found 'Vary'")]
    public void AccessLogValue_ThatDoesNotFit_IsExactlyThisLine(string keys, string error) =>
        Assert.Equal(["minilb.json:2:" + error], Configured.ByLine("\"accessLog\": {" + keys + "}").Errors);

    [Theory]
    [InlineData("\"enabled\": 1", "24 tracing.enabled: '1' is not true or false")]
    [InlineData("\"sample\": -1", "23 tracing.sample: '-1' is not a number from 0 to 1")]
    [InlineData("\"otlp\": \"collector:4318\"", "21 tracing.otlp: 'collector:4318'" + Collector)]
    [InlineData("\"otlp\": \"https://collector\"", "21 tracing.otlp: 'https://collector'" + Collector)]
    [InlineData("\"otlp\": \"http://a:b@collector\"", "21 tracing.otlp: 'http://(secret)@collector'" + Collector)]
    [InlineData("\"sampel\": 1", "13 tracing.sampel: unknown key; did you mean 'sample'?")]
    public void TracingValue_ThatDoesNotFit_IsExactlyThisLine(string keys, string error) =>
        Assert.Equal(["minilb.json:2:" + error], Configured.ByLine("\"tracing\": {" + keys + "}").Errors);

    [Theory]
    [InlineData("http://collector:4318", "http://collector:4318/v1/traces")]
    [InlineData("http://collector/", "http://collector/v1/traces")]
    [InlineData("http://[::1]:80/otlp/v1/traces?a=b", "http://[::1]/otlp/v1/traces?a=b")]
    public void Collector_WithoutAPath_HasThatOfTheStandard(string text, string url)
    {
        var tracing = Configured.Good(Configured.ByLine(
            $"\"tracing\": {{\"enabled\": true, \"otlp\": \"{text}\", \"sample\": 0.5}}")).Tracing;

        Assert.Equal((true, url, 0.5), (tracing.Enabled, tracing.Otlp!.AbsoluteUri, tracing.Sample));
    }

    [Fact]
    public void AccessLog_TakesItsKeys()
    {
        var log = Configured.Good(Configured.ByLine("""
            "accessLog": {"format": "combined", "path": "/var/log/a.log", "sample": 0.25,
              "requestHeaders": ["X-Tenant"], "responseHeaders": ["X-Cache", "Age"]}
            """)).AccessLog;

        Assert.Equal((AccessLogFormat.Combined, "/var/log/a.log", 0.25), (log.Format, log.Path, log.Sample));
        Assert.Equal(["X-Tenant"], log.RequestHeaders);
        Assert.Equal(["X-Cache", "Age"], log.ResponseHeaders);
    }
}
