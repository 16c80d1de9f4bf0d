using MiniLB.Config;

namespace MiniLB.Tests.Config;

public sealed class ConfigDifferencesTests
{
    private const string Before = """
        {"listeners": [{"address": ":8080"}], "trustedProxies": ["10.0.0.0/8", "fd00::/8"],
         "pools": {"web": {"backends": ["http://a", {"url": "http://b", "weight": 2}],
                           "healthCheck": {"headers": {"Authorization": "one", "X-Probe": "one"}},
                           "stickySession": {"enabled": true, "secret": "one"}},
                   "api": {"backends": ["http://c"]}}}
        """;

    [Theory]
    [InlineData("\"interval\": \"10s\"", "\"interval\": \"10000ms\"")]
    [InlineData("\"path\": null", "\"status\": null")]
    [InlineData("\"port\": 81, \"jitter\": 0.10", "\"jitter\": \"0.1\", \"port\": \"81\"")]
    public void SameMeaning_WrittenOtherwise_IsNoDifference(string before, string after) =>
        Assert.Empty(Between(Pool(before), Pool(after)));

    [Fact]
    public void Default_WrittenOut_IsNoDifference() => Assert.Empty(Between(Before,
        Before.Replace("\"web\": {", "\"web\": {\"strategy\": \"roundRobin\", \"slowStart\": 0,",
            StringComparison.Ordinal)));

    [Fact]
    public void Backends_InAnotherOrder_AreNoDifference() => Assert.Empty(Between(Before, Before.Replace(
        "\"http://a\", {\"url\": \"http://b\", \"weight\": 2}", "{\"url\": \"http://b\", \"weight\": 2}, \"http://a\"",
        StringComparison.Ordinal)));

    [Theory]
    [InlineData("\"http://a\",", "", "- pools.web.backends http://a")]
    [InlineData("\"http://a\",", "\"http://a\", {\"url\": \"http://d\", \"backup\": true},",
        "+ pools.web.backends http://d backup=true")]
    [InlineData("\"weight\": 2", "\"weight\": 3", "~ pools.web.backends[http://b].weight 2 -> 3")]
    [InlineData("http://b", "http://b:80", "~ pools.web.backends[http://b].url http://b -> http://b:80")]
    [InlineData("\"http://a\"", "\"https://a\"", "- pools.web.backends http://a", "+ pools.web.backends https://a")]
    [InlineData("\":8080\"", "\":8081\"", "- listeners :8080", "+ listeners :8081")]
    [InlineData("{\"address\": \":8080\"}", "{\"address\": \":8080\", \"http2\": false}",
        "~ listeners[:8080].http2 true -> false")]
    [InlineData("\"10.0.0.0/8\"", "\"11.0.0.0/8\"", "- trustedProxies 10.0.0.0/8", "+ trustedProxies 11.0.0.0/8")]
    [InlineData("\"api\": {", "\"api\": {\"strategy\": \"random\",",
        "~ pools.api.strategy roundRobin -> random")]
    [InlineData("\"api\": {", "\"api\": {\"queue\": {\"timeout\": \"90s\"},", "~ pools.api.queue.timeout 5s -> 90s")]
    [InlineData("\"api\": {", "\"api\": {\"healthCheck\": {\"body\": \"a\\nb \"},",
        "~ pools.api.healthCheck.body null -> \"a\\nb \"")]
    [InlineData("\"secret\": \"one\"", "\"secret\": \"two\"", "~ pools.web.stickySession.secret has another value")]
    [InlineData(", \"secret\": \"one\"", "", "~ pools.web.stickySession.secret (secret) -> null")]
    [InlineData("\"Authorization\": \"one\"", "\"Authorization\": \"two\"",
        "~ pools.web.healthCheck.headers.Authorization has another value")]
    [InlineData("\"X-Probe\": \"one\"", "\"X-Probe\": \"two\"", "~ pools.web.healthCheck.headers.X-Probe one -> two")]
    [InlineData(", \"X-Probe\": \"one\"", ", \"X-Token\": \"two\"",
        "- pools.web.healthCheck.headers.X-Probe one", "+ pools.web.healthCheck.headers.X-Token (secret)")]
    public void Change_IsOneLine(string old, string @new, params string[] lines) =>
        Assert.Equal(lines, Between(Before, Before.Replace(old, @new, StringComparison.Ordinal)));

    [Fact]
    public void Pool_ThatIsNew_IsToldByWhatWasWrittenOfIt() => Assert.Equal(
        [
            "+ pools.new.strategy random",
            "+ pools.new.backends http://d",
            "+ pools.new.backends http://e weight=2",
        ],
        Between(Before, Before.Replace("\"api\": {", """
            "new": {"strategy": "random", "backends": ["http://d", {"url": "http://e", "weight": 2}]}, "api": {
            """, StringComparison.Ordinal)));

    [Fact]
    public void Pool_ThatIsGone_IsOneLine() => Assert.Equal(
        ["- pools.api"],
        Between(Before, Before.Replace(",\n           \"api\": {\"backends\": [\"http://c\"]}", "",
            StringComparison.Ordinal)));

    [Fact]
    public void FirstPool_ThatIsAnother_IsTold() => Assert.Equal(
        ["~ pools a, b -> b, a"],
        Between("""{"pools": {"a": {"backends": ["http://a"]}, "b": {"backends": ["http://b"]}}}""",
            """{"pools": {"b": {"backends": ["http://b"]}, "a": {"backends": ["http://a"]}}}"""));

    [Fact]
    public void MapsWithoutNameOrAddress_AreMatchedByPosition() => Assert.Equal(
        ["~ routes[0].pool a -> b", "- routes path=/x"],
        ConfigDifferences.Between(
            Read("""{"routes": [{"pool": "a"}, {"path": "/x"}]}"""), Read("""{"routes": [{"pool": "b"}]}""")));

    private static string Pool(string healthCheck) =>
        "{\"pools\": {\"web\": {\"backends\": [\"http://a\"], \"healthCheck\": {" + healthCheck + "}}}}";

    private static IReadOnlyList<string> Between(string before, string after) =>
        ConfigDifferences.Between(Of(before), Of(after));

    private static EffectiveConfig Of(string json) => Configured.Good(Configured.By(json)).Effective;

    private static EffectiveConfig Read(string json) => new(new JsonConfigReader()
        .Read(System.Text.Encoding.UTF8.GetBytes(json), "running", new ConfigErrors())!);
}
