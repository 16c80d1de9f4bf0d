using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.Tests.Config;

/// <summary>The key headers: what it comes to, and what is refused.</summary>
public sealed class HeaderRuleBinderTests
{
    private const string Changed = " is not a header name that may be changed here: any token but ";

    private const string Value = "a header value of printable ASCII without blanks around it";

    private static readonly string OfRequests = string.Join(", ", ProtectedHeaders.OfRequests);

    private static readonly string Settable = OfRequests.Replace(" Host, ", " ", StringComparison.Ordinal);

    private static readonly string OfResponses = string.Join(", ", ProtectedHeaders.OfResponses);

    [Theory]
    [InlineData("\"headers\": {}")]
    [InlineData("\"headers\": null")]
    [InlineData("\"headers\": {\"request\": {}, \"response\": {\"set\": {}, \"add\": {}, \"remove\": []}}")]
    [InlineData("\"headers\": {\"request\": {\"set\": null, \"remove\": null}}")]
    public void NoRule_IsNull(string line)
    {
        var options = Configured.Good(Configured.ByLine(line));

        Assert.Null(options.Headers.Request);
        Assert.Null(options.Headers.Response);
    }

    [Fact]
    public void Rules_AreKeptAsWritten_InTheirOrder()
    {
        var rules = Request("""
            "set": {"X-Env": "prod", "host": "a.example:8080"}, "add": {"X-A": "1", "x-a": "a b"}, "remove": ["Cookie"]
            """);

        Assert.Equal([("X-Env", "prod"), ("host", "a.example:8080")], rules.Set.Select(l => (l.Name, l.Value)));
        Assert.Equal([("X-A", "1"), ("x-a", "a b")], rules.Add.Select(l => (l.Name, l.Value)));
        Assert.Equal(["Cookie"], rules.Remove);
        Assert.Equal("a.example:8080", rules.Host);
        Assert.Equal(["X-Env", "X-A", "x-a"], rules.Come.Select(l => l.Name));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a.example")]
    [InlineData("10.0.0.1:80")]
    [InlineData("[::1]:8080")]
    [InlineData("a_b.example")]
    public void Host_CanBeSetInRequests(string host)
    {
        Assert.Equal(host, Request($"\"set\": {{\"Host\": \"{host}\"}}").Host);
        Assert.True(MiniLB.Wire.Syntax.IsHost(System.Text.Encoding.ASCII.GetBytes(host)));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("http://a")]
    [InlineData("a:80:80")]
    [InlineData("a:99999")]
    [InlineData("u@a")]
    [InlineData("[::1")]
    public void Host_ThatIsNone_IsRefused(string host) => Assert.Equal(
        [$"minilb.json:2:40 headers.request.set.Host: '{host}' is not a host such as example.com or example.com:8080"],
        Configured.ByLine($"\"headers\": {{\"request\": {{\"set\":{{\"Host\": \"{host}\"}}}}}}").Errors);

    [Fact]
    public void NameSetTwice_InDifferentCase_IsRefusedAtTheSecond() => Assert.Equal(
        ["minilb.json:2:44 headers.request.set.x-a: 'X-A' is set already; expected each name once, in whatever case"],
        Configured.ByLine("\"headers\": {\"request\": {\"set\":{\"X-A\":\"1\",  \"x-a\": \"2\"}}}").Errors);

    [Theory]
    [InlineData("\"Via\": \"x\"", "'Via'")]
    [InlineData("\"transfer-encoding\": \"x\"", "'transfer-encoding'")]
    [InlineData("\"X-Request-ID\": \"x\"", "'X-Request-ID'")]
    [InlineData("\"X A\": \"x\"", "'X A'")]
    [InlineData("\"\": \"x\"", "''")]
    public void NameThatCannotBeSet_IsReportedWithAllThatCannot(string line, string found) => Assert.Equal(
        [$"minilb.json:2:32 headers.request.set.{found.Trim('\'')}: {found}{Changed}{Settable}"],
        Configured.ByLine($"\"headers\": {{\"request\": {{\"set\":{{{line}}}}}}}").Errors);

    [Fact]
    public void Host_CanBeNeitherAddedNorRemoved_NorBeInAResponse()
    {
        Assert.Equal([$"minilb.json:2:32 headers.request.add.Host: 'Host'{Changed}{OfRequests}"],
            Configured.ByLine("\"headers\": {\"request\": {\"add\":{\"Host\": \"a\"}}}").Errors);
        Assert.Equal([$"minilb.json:2:35 headers.request.remove[0]: 'host'{Changed}{OfRequests}"],
            Configured.ByLine("\"headers\": {\"request\": {\"remove\":[\"host\"]}}").Errors);
        Assert.Equal([$"minilb.json:2:33 headers.response.set.Host: 'Host'{Changed}{OfResponses}"],
            Configured.ByLine("\"headers\": {\"response\": {\"set\":{\"Host\": \"a\"}}}").Errors);
    }

    [Theory]
    [InlineData("{\"set\": {\"X\": \"a\\r\\nY: b\"}}", "set.X: 'a\r\nY: b' is not " + Value)]
    [InlineData("{\"set\": {\"X\": \"\u00e9\"}}", "set.X: '\u00e9' is not " + Value)]
    [InlineData("{\"set\": {\"X\": \"\"}}", "set.X: '' is not " + Value)]
    [InlineData("{\"add\": {\"X\": \" a\"}}", "add.X: ' a' is not " + Value)]
    [InlineData("{\"add\": {\"X\": null}}", "add.X: expected " + Value + ", found null")]
    [InlineData("{\"add\": {\"X\": [1]}}", "add.X: expected " + Value + ", found a list")]
    [InlineData("{\"set\": [\"X\"]}", "set: expected keys and values, found a list")]
    [InlineData("{\"remove\": \"X\"}", "remove: expected a list, found 'X'")]
    [InlineData("{\"replace\": {}}", "replace: unknown key; known here: set, add, remove")]
    public void ValueThatDoesNotFit_IsExactlyThisError(string rules, string error)
    {
        var found = Assert.Single(Configured.ByLine($"\"headers\": {{\"response\": {rules}}}").Errors);

        Assert.EndsWith(" headers.response." + error, found, StringComparison.Ordinal);
    }

    private static HeaderRuleOptions Request(string rules) =>
        Configured.Good(Configured.ByLine($"\"headers\": {{\"request\": {{{rules}}}}}")).Headers.Request!;
}
