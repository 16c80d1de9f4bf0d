using MiniLB.RequestPath.Summarize;

namespace MiniLB.Tests.RequestPath.Summarize;

public sealed class CombinedAccessLogFormatTests
{
    [Fact]
    public void Line_IsExactlyThatOfApacheAndNginx() => Assert.Equal(
        "203.0.113.7 - - [03/Feb/2026:04:05:06 +0000] \"GET /a?b=c HTTP/1.1\" 200 3456 "
        + "\"http://site.example/\" \"curl/8\"\n",
        Entries.Line(new CombinedAccessLogFormat(), Entries.One()));

    [Fact]
    public void Line_WithoutRefererAndUserAgent_HasDashes() => Assert.EndsWith(" 3456 \"-\" \"-\"\n",
        Entries.Line(new CombinedAccessLogFormat(), Entries.One() with { Referer = null, UserAgent = null }),
        StringComparison.Ordinal);

    [Fact]
    public void Line_WithFieldsThatAreWanted_HasEachInQuotesAtItsEnd() => Assert.EndsWith(
        " \"curl/8\" \"*/*\" \"-\" \"a\\x22b\"\n",
        Entries.Line(new CombinedAccessLogFormat(), Entries.One() with
        {
            RequestHeaders = ["*/*", null],
            ResponseHeaders = ["a\"b"],
        }),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("/\"", "/\\x22")]
    [InlineData("/\\", "/\\x5C")]
    [InlineData("/\r\n", "/\\x0D\\x0A")]
    [InlineData("/\u0000\u001b\u007f", "/\\x00\\x1B\\x7F")]
    [InlineData("/a b", "/a b")]
    [InlineData("/\u00e9", "/\u00e9")]
    public void Text_ThatWouldEndTheFieldOrTheLine_IsEscapedEverywhere(string sent, string written)
    {
        var entry = Entries.One(sent) with { Method = "M" + sent, Referer = "R" + sent, UserAgent = "U" + sent };

        var line = Entries.Line(new CombinedAccessLogFormat(), entry);

        Assert.Contains($"\"M{written} {written} HTTP/1.1\" 200", line, StringComparison.Ordinal);
        Assert.EndsWith($"\"R{written}\" \"U{written}\"\n", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_WrittenByOneFormat_DoNotMix()
    {
        var format = new CombinedAccessLogFormat();
        var first = Entries.Line(format, Entries.One("/" + new string('x', 10_000)));

        Assert.Equal(first, Entries.Line(format, Entries.One("/" + new string('x', 10_000))));
    }
}
