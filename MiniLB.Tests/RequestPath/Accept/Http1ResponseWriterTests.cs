using System.Text.RegularExpressions;
using MiniLB.RequestPath.Accept;
using MiniLB.RequestPath.Forward;
using MiniLB.Tests.Wire;
using MiniLB.Wire;

namespace MiniLB.Tests.RequestPath.Accept;

public sealed partial class Http1ResponseWriterTests
{
    private readonly TestConnection _connection = new();

    // A backend's head, "a" and "bc" as its body, and what an HTTP/1.1 client gets. D stands for our own Date.
    [Theory]
    [InlineData("GET", "200 OK|Content-Length: 3|X: \u00e4", "200 OK|Content-Length: 3|X: \u00e4|D|", "abc")]
    [InlineData("GET", "200 Fine|Content-Length: 3", "200 Fine|Content-Length: 3|D|", "abc")]
    [InlineData("GET", "200|Content-Length: 3", "200 |Content-Length: 3|D|", "abc")]
    [InlineData("GET", "299|Content-Length: 3|dAtE: x", "299 |Content-Length: 3|dAtE: x|", "abc")]
    [InlineData("GET", "200 OK|A:|A: 2", "200 OK|A: |A: 2|D|Transfer-Encoding: chunked|", "1|a|2|bc|0||")]
    [InlineData("GET", "200 OK|Transfer-Encoding: chunked", "200 OK|D|Transfer-Encoding: chunked|", "1|a|2|bc|0||")]
    [InlineData("GET", "200 OK|Content-Length: 0", "200 OK|Content-Length: 0|D|", "")]
    [InlineData("GET", "200 OK|Connection: x, close|X: 1|Content-Length: 0", "200 OK|Content-Length: 0|D|", "")]
    [InlineData("GET", "204 No Content|Content-Length: 0", "204 No Content|D|", "")]
    [InlineData("GET", "304 Not Modified|Content-Length: 7", "304 Not Modified|Content-Length: 7|D|", "")]
    [InlineData("HEAD", "200 OK|Content-Length: 7", "200 OK|Content-Length: 7|D|", "")]
    [InlineData("HEAD", "200 OK|Transfer-Encoding: chunked", "200 OK|D|", "")]
    public async Task Answer_IsWrittenByteForByte(string method, string answer, string head, string body)
    {
        var writer = Begin($"{method} / HTTP/1.1\r\nHost: a\r\n\r\n");

        writer.Start(Answer(answer, method == "HEAD"), closes: false);
        foreach (var piece in body.Length > 0 ? (string[])["a", "bc"] : [])
        {
            writer.Write(Heads.Bytes(piece));
        }

        Assert.True(await writer.CompleteAsync(trailers: null));
        Assert.Equal("HTTP/1.1 " + Lines(head) + "\r\n" + Lines(body), Written());
        Assert.True(writer.KeepsAlive);
    }

    [Theory]
    [InlineData("HTTP/1.1", "", false, "", true)]
    [InlineData("HTTP/1.1", "", true, "Connection: close\r\n", false)]
    [InlineData("HTTP/1.1", "Connection: close\r\n", false, "Connection: close\r\n", false)]
    [InlineData("HTTP/1.0", "", false, "Connection: close\r\n", false)]
    [InlineData("HTTP/1.0", "Connection: keep-alive\r\n", false, "Connection: keep-alive\r\n", true)]
    [InlineData("HTTP/1.0", "Connection: keep-alive\r\n", true, "Connection: close\r\n", false)]
    public async Task Connection_IsSaidWhereItIsNotTheDefault(
        string version, string field, bool closes, string said, bool keeps)
    {
        var writer = Begin($"GET / {version}\r\nHost: a\r\n{field}\r\n");

        writer.Start(Answer("200 OK|Content-Length: 0"), closes);
        await writer.CompleteAsync(trailers: null);

        Assert.Equal($"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nD\r\n{said}\r\n", Written());
        Assert.Equal(keeps, writer.KeepsAlive);
    }

    [Fact]
    public async Task BodyOfUnknownLength_ToHttp10_EndsWithTheConnection()
    {
        var writer = Begin("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

        writer.Start(Answer("200 OK|Transfer-Encoding: chunked"), closes: false);
        writer.Write("abc"u8);
        await writer.CompleteAsync(Heads.Fields(("A", "b")));

        Assert.Equal("HTTP/1.1 200 OK\r\nD\r\nConnection: close\r\n\r\nabc", Written());
        Assert.False(writer.KeepsAlive);
    }

    [Fact]
    public async Task Trailers_FollowTheLastChunk_HeldOnesDoNot()
    {
        var writer = Begin("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var trailers = Heads.Fields(("A", "1"), ("B", "2"), ("A", "3"));
        trailers.Hold(1);

        writer.Start(Answer("200 OK|Transfer-Encoding: chunked"), closes: false);
        writer.Write(new byte[70_000]);
        await writer.CompleteAsync(trailers);

        Assert.EndsWith("\r\n0\r\nA: 1\r\nA: 3\r\n\r\n", Written(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1", "HTTP/1.1 103 X\r\nLink: x\r\n\r\n", 103)]
    [InlineData("HTTP/1.1", "HTTP/1.1 100 X\r\nLink: x\r\n\r\n", 100)]
    [InlineData("HTTP/1.0", "", 100)]
    public async Task InterimAnswer_GoesToThoseWhoKnowIt(string version, string written, int status)
    {
        var writer = Begin($"GET / {version}\r\nHost: a\r\n\r\n");

        await writer.SendInterimAsync(Answer($"{status} X|Link: x|Content-Length: 5"));

        Assert.Equal(written, Written());
        Assert.Equal(written.Contains("100", StringComparison.Ordinal), writer.HasSentContinue);
        Begin(writer, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.False(writer.HasSentContinue);
    }

    [Fact]
    public async Task Client_ThatReadsNoMore_IsTold()
    {
        var writer = Begin("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        _connection.StopReading();
        writer.Start(Answer("200 OK|Content-Length: 1"), closes: false);

        Assert.False(await writer.FlushAsync());
        Assert.False(await writer.CompleteAsync(trailers: null));
    }

    private Http1ResponseWriter Begin(string request)
    {
        var writer = new Http1ResponseWriter(_connection.Output);
        Begin(writer, request);
        return writer;
    }

    private static void Begin(Http1ResponseWriter writer, string request)
    {
        Assert.Equal(WireError.None, Heads.Read(request, out var head));
        writer.Begin(head);
    }

    private static ResponseHead Answer(string lines, bool toHead = false)
    {
        Assert.Equal(WireError.None, Heads.ReadAnswer($"HTTP/1.1 {Lines(lines)}\r\n\r\n", out var answer, toHead));
        HeaderRules.Hold(answer.Fields);
        return answer;
    }

    private static string Lines(string lines) => lines.Replace("|", "\r\n", StringComparison.Ordinal);

    private string Written() => OwnDate().Replace(_connection.Answered(), "D\r\n");

    [GeneratedRegex(@"Date: \w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT\r\n")]
    private static partial Regex OwnDate();
}
