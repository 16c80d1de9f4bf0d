using System.Text.Json;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Summarize;

namespace MiniLB.Tests.RequestPath.Summarize;

public sealed class JsonAccessLogFormatTests
{
    private static readonly JsonAccessLogFormat Format = new(
        new AccessLogOptions { RequestHeaders = ["Accept", "X-Tenant"], ResponseHeaders = ["X-Cache"] });

    [Fact]
    public void Fields_ThatAreWanted_StandUnderTheirNamesWhereTheyWere()
    {
        var entry = Entries.One() with { RequestHeaders = ["*/*", "\"a\"\n\u00e9"], ResponseHeaders = [null] };

        Assert.EndsWith(
            ""","requestHeaders":{"Accept":"*/*","X-Tenant":"\"a\"\né"},"responseHeaders":{}}""" + "\n",
            Entries.Line(Format, entry), StringComparison.Ordinal);
    }

    [Fact]
    public void Line_OfAForwardedRequest_IsExactlyThis() => Assert.Equal(
        "{\"time\":\"2026-02-03T04:05:06.789Z\",\"client\":\"203.0.113.7\",\"method\":\"GET\""
        + ""","target":"/a?b=c","protocol":"HTTP/1.1","status":200"""
        + ""","bytesIn":12,"bytesOut":3456,"durationMs":1.5"""
        + ""","pool":"web","backend":"http://10.0.0.1:8080","connectMs":0.25,"firstByteMs":1,"attempts":1"""
        + ""","ended":"done","requestId":"0123456789abcdef0123456789abcdef"}""" + "\n",
        Entries.Line(Format, Entries.One()));

    [Fact]
    public void Line_OfAnAnswerOfOurOwn_NamesNoBackend()
    {
        var entry = Entries.One() with { Backend = null, Pool = null };

        using var json = JsonDocument.Parse(Entries.Line(Format, entry));

        Assert.False(json.RootElement.TryGetProperty("backend", out _));
        Assert.False(json.RootElement.TryGetProperty("attempts", out _));
    }

    [Fact]
    public void Line_WithoutAResponse_HasNoFirstByte() => Assert.DoesNotContain("firstByteMs",
        Entries.Line(Format, Entries.One() with { FirstByte = TimeSpan.FromTicks(-1) }),
        StringComparison.Ordinal);

    [Fact]
    public void Line_OfSeveralAttempts_TellsTheOutcomeOfEach()
    {
        var entry = Entries.One() with
        {
            Attempts =
            [
                new Attempt(Sample.Backend("http://10.0.0.1:1"), ForwardError.ConnectFailed),
                new Attempt(Sample.Backend("http://10.0.0.2:2"), ForwardError.None),
            ],
        };

        Assert.Contains(
            ""","attempts":2,"tries":[{"backend":"http://10.0.0.1:1","outcome":"connectFailed"},"""
            + """{"backend":"http://10.0.0.2:2","outcome":"done"}]""",
            Entries.Line(Format, entry), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/\"quoted\"")]
    [InlineData("/back\\slash")]
    [InlineData("/line\r\nend\t\u0000\u001f")]
    [InlineData("/del\u007f\u0085")]
    [InlineData("/\u00e9\u00ff")]
    [InlineData("/<script>&'+")]
    public void AnyTarget_IsOneLineOfValidJson_AndReadBackTheSame(string target)
    {
        var line = Entries.Line(Format, Entries.One(target));

        Assert.Equal(line.Length - 1, line.AsSpan().IndexOfAnyInRange('\0', '\x1f'));
        using var json = JsonDocument.Parse(line);
        Assert.Equal(target, json.RootElement.GetProperty("target").GetString());
    }

    [Fact]
    public void Target_OfMarkup_IsNotEscapedAsInHtml() => Assert.Contains("\"/<a>&'+\"",
        Entries.Line(Format, Entries.One("/<a>&'+")), StringComparison.Ordinal);

    [Fact]
    public void LoneSurrogate_IsReplacedAndTheLineStaysValid()
    {
        using var json = JsonDocument.Parse(Entries.Line(Format, Entries.One("/\ud800")));

        Assert.Equal("/\ufffd", json.RootElement.GetProperty("target").GetString());
    }
}
