using System.Text.RegularExpressions;
using MiniLB.RequestPath.Forward;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed partial class ResponseRelayTests
{
    private const string Coded = "HTTP/1.1 200 OK|Transfer-Encoding: chunked";

    [Theory]
    [InlineData("HTTP/1.1 200 OK|Content-Length: 5", "helloNEXT", "Content-Length: 5|D|", "hello", 4)]
    [InlineData("HTTP/1.1 200 OK|Content-Length: 0", "NEXT", "Content-Length: 0|D|", "", 0)]
    [InlineData("HTTP/1.1 200 OK|Connection: X|X: 1|Content-Length: 1|Y: 2", "a", "Content-Length: 1|Y: 2|D|", "a", 0)]
    [InlineData(Coded, "5;x\r\nhello\r\n0\r\n\r\nNEXT", "D|Transfer-Encoding: chunked|", "5|hello|0||", 4)]
    [InlineData(Coded, "0\r\nA: b\r\nContent-Length: 5\r\n\r\n", "D|Transfer-Encoding: chunked|", "0|A: b||", 0)]
    [InlineData(Coded, "1\r\na\r\n1\r\nb\r\n0\r\n\r\n", "D|Transfer-Encoding: chunked|", "1|a|1|b|0||", 0)]
    public async Task Answer_IsPassedOnToItsEnd_AndWhatFollowsStays(
        string head, string said, string fields, string body, int left)
    {
        var request = Answered(head);
        request.Stream.Say(said);

        var result = await Run(request);

        Assert.Equal(ForwardError.None, result.Error);
        Assert.Equal($"HTTP/1.1 200 OK|{fields}|{body}", Written(request));
        Assert.Equal(left, request.Connection.Received.Length);
    }

    [Fact]
    public async Task BodyWithoutALength_EndsWithTheConnection()
    {
        var request = Answered("HTTP/1.0 200 OK|A: b");
        request.Stream.Say("all of it");
        request.Stream.End();

        Assert.Equal(ForwardError.None, (await Run(request)).Error);
        Assert.EndsWith("|9|all of it|0||", Written(request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryPiece_GoesOutBeforeMoreIsWaitedFor()
    {
        var request = Answered(Coded);
        var relay = Run(request);
        await Until(request, "");
        foreach (var piece in (string[])["a", "b", "c"])
        {
            request.Stream.Say($"1\r\n{piece}\r\n");
            await Until(request, $"1|{piece}|");
            Assert.Equal(ForwardError.ResponseBodyTimeout, request.Exchange.Timer.Cause);
        }

        request.Stream.Say("0\r\n\r\n");
        Assert.Equal(ForwardError.None, (await relay).Error);
        Assert.Equal(3, request.Exchange.BytesOut);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData(1_000_000)]
    public async Task Body_OfAnyLength_ArrivesWhole(int size)
    {
        var body = string.Concat(Enumerable.Range(0, (size / 10) + 1).Select(i => $"{i:000000000} "))[..size];
        var request = Answered($"HTTP/1.1 200 OK|Content-Length: {size}");
        request.Stream.Say(body);

        Assert.Equal(ForwardError.None, (await Run(request)).Error);

        Assert.EndsWith("||" + body, Written(request), StringComparison.Ordinal);
        Assert.Equal(size, request.Exchange.BytesOut);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK|Content-Length: 5", "hell", true)]
    [InlineData("HTTP/1.1 200 OK|Content-Length: 5", "", false)]
    [InlineData(Coded, "5\r\nhello\r\n", true)]
    [InlineData(Coded, "5\r\nhello\r\nx\r\n", true)]
    [InlineData(Coded, "x\r\n", false)]
    [InlineData(Coded, "0\r\nA : b\r\n\r\n", false)]
    public async Task Body_ThatIsBroken_NeverLooksComplete(string head, string said, bool started)
    {
        var request = Answered(head);
        request.Stream.Say(said.Length > 0 ? said[..1] : "");
        await ReceiveAsync(request, said);
        request.Stream.End();

        var result = await Run(request);

        Assert.Equal((ForwardError.ResponseBodyBroken, started), (result.Error, result.ResponseStarted));
        Assert.DoesNotContain("|0||", Written(request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BackendThatBreaks_IsToBlame_AndALimitWhereItFired()
    {
        var request = Answered("HTTP/1.1 200 OK|Content-Length: 5");
        request.Stream.End(new IOException("reset"));
        Assert.Equal(ForwardError.ResponseBodyBroken, (await Run(request)).Error);

        var left = Answered("HTTP/1.1 200 OK|Content-Length: 5");
        left.Exchange.Timer.ClientHasGone();
        left.Stream.End(new IOException("closed by us"));
        Assert.Equal(ForwardError.ClientGone, (await Run(left)).Error);
    }

    [Fact]
    public async Task ClientThatReadsNoMore_EndsTheRelay()
    {
        var request = Answered("HTTP/1.1 200 OK|Content-Length: 5");
        request.Client.StopReading();
        request.Stream.Say("hello");

        Assert.Equal(ForwardError.ClientGone, (await Run(request)).Error);
    }

    private static async Task ReceiveAsync(ForwardedRequest request, string said)
    {
        if (said.Length > 0)
        {
            request.Stream.Say(said[1..]);
            await request.Connection.ReceiveAsync();
        }
    }

    private static ForwardedRequest Answered(string head)
    {
        var request = new ForwardedRequest("GET / HTTP/1.1|Host: a");
        request.Answer(head);
        return request;
    }

    private static Task<AttemptResult> Run(ForwardedRequest request) =>
        ResponseRelay.Of(request.Exchange, request.Connection, sender: null, closes: false)
            .RunAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    private static async Task Until(ForwardedRequest request, string end)
    {
        var all = "";
        await Journeys.Harness.Eventually.True(
            () => (all += Written(request)).Length > 0 && all.EndsWith(end, StringComparison.Ordinal), end, () => all);
    }

    private static string Written(ForwardedRequest request) => OwnDate().Replace(request.Client.Answered(), "D\r\n")
        .Replace("\r\n", "|", StringComparison.Ordinal);

    [GeneratedRegex(@"Date: [^\r]*GMT\r\n")]
    private static partial Regex OwnDate();
}
