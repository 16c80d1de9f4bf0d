using System.Text;
using MiniLB.RequestPath.Forward;
using MiniLB.Transport;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class RequestHeadWriterTests
{
    private const string Own =
        "X-Forwarded-For: 192.0.2.1|X-Forwarded-Proto: http|X-Forwarded-Host: a|X-Request-Id: id|";

    private const string Via = "Via: 1.1 minilb|";

    // What the client sends and what a backend gets; | stands for a line's end.
    [Theory]
    [InlineData("GET / HTTP/1.1|Host: a", "GET / HTTP/1.1|Host: a|", Via)]
    [InlineData("gEt /a/../%2f?b HTTP/1.1|hOSt: A:80|X: \u00ff", "gEt /a/../%2f?b HTTP/1.1|hOSt: A:80|X: \u00ff|", Via)]
    [InlineData("GET http://a?b HTTP/1.1|Host: a", "GET /?b HTTP/1.1|Host: a|", Via)]
    [InlineData("GET / HTTP/1.0", "GET / HTTP/1.1|Host: 127.0.0.1:9001|", "Via: 1.0 minilb|")]
    [InlineData("GET http://b/ HTTP/1.0", "GET / HTTP/1.1|Host: b|", "Via: 1.0 minilb|")]
    [InlineData("GET / HTTP/1.1|Via: 1.0 x|Host: a|Via: 1.1 y", "GET / HTTP/1.1|Host: a|",
        "Via: 1.0 x, 1.1 y, 1.1 minilb|")]
    [InlineData("GET / HTTP/1.1|Host: a|A: 1|B: 2|A: 3|Empty:", "GET / HTTP/1.1|Host: a|A: 1|B: 2|A: 3|Empty: |", Via)]
    [InlineData("GET / HTTP/1.1|Host: a|Connection: close, X-Hop|X-Hop: 1|Keep-Alive: x|TE: y|Proxy-Connection: z",
        "GET / HTTP/1.1|Host: a|", Via)]
    [InlineData("GET / HTTP/1.1|Host: a|Connection: Host, Via, X-Forwarded-For, X-Request-Id, Content-Length",
        "GET / HTTP/1.1|Host: a|", Via)]
    [InlineData("PUT / HTTP/1.1|Host: a|Content-Length: 5|Connection: content-length",
        "PUT / HTTP/1.1|Host: a|Content-Length: 5|", Via)]
    [InlineData("GET / HTTP/1.1|Host: a|Content-Length: 0", "GET / HTTP/1.1|Host: a|Content-Length: 0|", Via)]
    [InlineData("GET / HTTP/1.1|Host: a|X-Forwarded-For: 6.6.6.6|X_Forwarded_For: 6.6.6.6|X-Real-IP: 6|Forwarded: 6",
        "GET / HTTP/1.1|Host: a|", Via)]
    [InlineData("GET / HTTP/1.1|Host: a|X-Request-Id: theirs|X-Forwarded-Port: 6", "GET / HTTP/1.1|Host: a|", Via)]
    [InlineData("OPTIONS / HTTP/1.1|Host: a|Max-Forwards: 10", "OPTIONS / HTTP/1.1|Host: a|Max-Forwards: 9|", Via)]
    [InlineData("OPTIONS / HTTP/1.1|Host: a|Max-Forwards: x", "OPTIONS / HTTP/1.1|Host: a|Max-Forwards: x|", Via)]
    [InlineData("GET / HTTP/1.1|Host: a|Max-Forwards: 10", "GET / HTTP/1.1|Host: a|Max-Forwards: 10|", Via)]
    [InlineData("GET / HTTP/1.1|Host: a|Trailer: X|Cookie: a=b", "GET / HTTP/1.1|Host: a|Trailer: X|Cookie: a=b|", Via)]
    public void Head_IsWrittenByteForByte(string sent, string written, string via) =>
        Assert.Equal(written + Own + via + "|", Write(new ForwardedRequest(sent)));

    [Theory]
    [InlineData("PUT / HTTP/1.1|Host: a|Transfer-Encoding: Chunked",
        "PUT / HTTP/1.1|Host: a|Transfer-Encoding: chunked|")]
    [InlineData("GET / HTTP/1.1|Host: a|Upgrade: WebSocket|Connection: upgrade, X|X: 1|Sec-WebSocket-Key: k",
        "GET / HTTP/1.1|Host: a|Sec-WebSocket-Key: k|Connection: Upgrade|Upgrade: WebSocket|")]
    [InlineData("GET / HTTP/1.1|Host: a|Upgrade: h2c|Connection: upgrade, http2-settings|HTTP2-Settings: x",
        "GET / HTTP/1.1|Host: a|")]
    [InlineData("PUT / HTTP/1.1|Host: a|Expect: 100-continue|Content-Length: 5",
        "PUT / HTTP/1.1|Host: a|Expect: 100-continue|Content-Length: 5|")]
    [InlineData("GET / HTTP/1.1|Host: a|Expect: 100-continue", "GET / HTTP/1.1|Host: a|")]
    [InlineData("PUT / HTTP/1.0|Host: a|Expect: 100-continue|Content-Length: 5",
        "PUT / HTTP/1.1|Host: a|Content-Length: 5|")]
    public void FieldsOfThisHop_AreWrittenAnew(string sent, string written) =>
        Assert.StartsWith(written + "X-Forwarded-For", Write(new ForwardedRequest(sent)), StringComparison.Ordinal);

    [Fact]
    public void Expectation_IsKeptFromABackendThatKnowsNone()
    {
        var request = new ForwardedRequest("PUT / HTTP/1.1|Host: a|Expect: 100-continue|Content-Length: 5");

        Assert.DoesNotContain("Expect", Write(request, speaksHttp10: true), StringComparison.Ordinal);
    }

    [Fact]
    public void TrustedProxy_IsBelievedWhatElseItForwards()
    {
        var request = new ForwardedRequest("GET / HTTP/1.1|Host: a|X-Forwarded-Port: 443|X-Forwarded-For: 6.6.6.6");
        request.Exchange.IsFromTrustedProxy = true;

        Assert.Equal($"GET / HTTP/1.1|Host: a|X-Forwarded-Port: 443|{Own}{Via}|", Write(request));
    }

    [Theory]
    [InlineData(false, null, "")]
    [InlineData(false, "for=a", "Forwarded: for=a|")]
    [InlineData(true, "for=b, for=a", "Forwarded: for=b, for=a|")]
    public void Forwarded_IsOnlyWhatWeSay_WhereWeSayIt(bool trusted, string? value, string line)
    {
        var request = new ForwardedRequest("GET / HTTP/1.1|Host: a|Forwarded: for=b");
        request.Exchange.IsFromTrustedProxy = trusted;
        request.Exchange.Forwarded = request.Exchange.Forwarded with { ListValue = value };

        var own = Own.Replace("X-Request-Id", line + "X-Request-Id", StringComparison.Ordinal);
        Assert.Equal($"GET / HTTP/1.1|Host: a|{own}{Via}|", Write(request));
    }

    [Fact]
    public void Forwarded_OfATrustedProxy_IsPassedOn_WhereWeSayNothing()
    {
        var request = new ForwardedRequest("GET / HTTP/1.1|Host: a|Forwarded: for=b");
        request.Exchange.IsFromTrustedProxy = true;

        Assert.Equal($"GET / HTTP/1.1|Host: a|Forwarded: for=b|{Own}{Via}|", Write(request));
    }

    [Fact]
    public void SecondAttempt_WritesTheSameHead()
    {
        var request = new ForwardedRequest("GET / HTTP/1.1|Host: a|Via: 1.1 x|Connection: X-Hop|X-Hop: 1|Upgrade: b");

        Assert.Equal(Write(request), Write(request));
    }

    private static string Write(ForwardedRequest request, bool speaksHttp10 = false)
    {
        var backend = Sample.Backend();
        backend.SpeaksHttp10 = speaksHttp10;
        var to = new SendBuffer();
        RequestHeadWriter.Write(request.Exchange, backend, to);
        return Encoding.Latin1.GetString(to.Written.Span).Replace("\r\n", "|", StringComparison.Ordinal);
    }
}
