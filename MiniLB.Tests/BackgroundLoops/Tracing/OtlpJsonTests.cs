using System.Text;
using MiniLB.BackgroundLoops.Tracing;

namespace MiniLB.Tests.BackgroundLoops.Tracing;

public sealed class OtlpJsonTests
{
    [Fact]
    public void Request_IsExactlyThatOfTheProtocol()
    {
        var span = Sample.Span("/a?b=c") with
        {
            ParentId = "00f067aa0ba902b7",
            TraceState = "a=1",
            Host = "site.example:8443",
            Attempts = ["http://10.0.0.1:1 connectFailed", "http://10.0.0.2:2 done"],
        };

        Assert.Equal(
            """{"resourceSpans":[{"resource":{"attributes":["""
            + Text("service.name", "minilb") + "," + Text("service.version", ProgramVersion.Text) + ","
            + Text("host.name", Environment.MachineName)
            + """]},"scopeSpans":[{"scope":{"name":"minilb"},"spans":["""
            + """{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"53995c3f42cd8ad8","parentSpanId":"""
            + "\"00f067aa0ba902b7\"" + ""","traceState":"a=1","name":"GET","kind":2"""
            + ""","startTimeUnixNano":"1770091506789000000","endTimeUnixNano":"1770091506790500000","attributes":["""
            + string.Join(',',
                Text("http.request.method", "GET"), Text("url.scheme", "http"), Text("url.path", "/a"),
                Text("url.query", "b=c"), Text("server.address", "site.example"), Number("server.port", 8443),
                Text("client.address", "203.0.113.7"), Text("network.peer.address", "10.0.0.9"),
                Text("network.protocol.version", "1.1"), Text("user_agent.original", "curl/8"),
                Number("http.response.status_code", 200), Text("minilb.pool", "web"),
                Text("minilb.backend", "http://10.0.0.2:2"), Text("minilb.ended", "done"),
                Text("minilb.request_id", "0123456789abcdef0123456789abcdef"))
            + """,{"key":"minilb.attempts","value":{"arrayValue":{"values":["""
            + """{"stringValue":"http://10.0.0.1:1 connectFailed"},{"stringValue":"http://10.0.0.2:2 done"}]}}}"""
            + "]}]}]}]}",
            Json(span));
    }

    [Theory]
    [InlineData(200, "done", false, null)]
    [InlineData(404, "done", false, null)]
    [InlineData(500, "done", true, "500")]
    [InlineData(502, "backendClosed", true, "backendClosed")]
    public void Failure_IsAnErrorWithItsType(int status, string ended, bool hasFailed, string? type)
    {
        var json = Json(Sample.Span("/") with { Status = status, Ended = ended, HasFailed = hasFailed });

        Assert.Equal(hasFailed, json.Contains("\"status\":{\"code\":2}", StringComparison.Ordinal));
        Assert.Equal(hasFailed, type is not null && json.Contains(Text("error.type", type), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("h", "h", null)]
    [InlineData("h:80", "h", 80)]
    [InlineData("[::1]", "[::1]", null)]
    [InlineData("[::1]:80", "[::1]", 80)]
    [InlineData("h:", "h", null)]
    [InlineData("", null, null)]
    public void Host_IsAddressAndPort(string host, string? address, int? port)
    {
        var json = Json(Sample.Span("/") with { Host = host });

        Assert.Equal(address is not null, json.Contains("server.address", StringComparison.Ordinal));
        Assert.Contains(address is null ? "" : Text("server.address", address), json, StringComparison.Ordinal);
        Assert.Equal(port is not null, json.Contains("server.port", StringComparison.Ordinal));
        Assert.Contains(port is null ? "" : Number("server.port", port.Value), json, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNotKnown_IsLeftOut()
    {
        var json = Json(Sample.Span("*") with
        {
            Method = "PURGE", Status = 0, Pool = null, Backend = null, UserAgent = null, Ended = "clientGone",
        });

        foreach (var name in new[] { "parentSpanId", "traceState", "status_code", "minilb.pool", "user_agent", "query" })
        {
            Assert.DoesNotContain(name, json, StringComparison.Ordinal);
        }

        Assert.Contains("\"name\":\"HTTP\",", json, StringComparison.Ordinal);
        Assert.Contains(
            Text("http.request.method", "_OTHER") + "," + Text("http.request.method_original", "PURGE"), json,
            StringComparison.Ordinal);
    }

    private static string Json(MiniLB.State.Span span) => Encoding.UTF8.GetString(OtlpJson.Write([span]));

    private static string Text(string key, string value) =>
        $$$"""{"key":"{{{key}}}","value":{"stringValue":"{{{value}}}"}}""";

    private static string Number(string key, int value) =>
        $$$"""{"key":"{{{key}}}","value":{"intValue":"{{{value}}}"}}""";
}
