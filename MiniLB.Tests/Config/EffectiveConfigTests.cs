using MiniLB.Config;

namespace MiniLB.Tests.Config;

public sealed class EffectiveConfigTests
{
    private const string Json = """
        {"pools": {"a.b": {"backends": [{"weight": "2", "url": "http://a"}],
                           "healthCheck": {"headers": {"X-A.B": "1", "Cookie": "c"}},
                           "stickySession": {"cookie": "shop", "secret": "s"}}},
         "timeouts": {"idle": "5s"}}
        """;

    private static readonly EffectiveConfig Effective = Configured.Good(Configured.By(Json)).Effective;

    [Theory]
    [InlineData("timeouts.idle", "5s", "minilb.json:4:23")]
    [InlineData("timeouts.read", "15s", "default")]
    [InlineData("listeners[0].address", ":8080", "default")]
    [InlineData("admin.mode", "0600", "default")]
    [InlineData("admin.address", "127.0.0.1:9901", "default")]
    [InlineData("pools.a.b.backends[0].url", "http://a", "minilb.json:1:56")]
    [InlineData("pools.a.b.backends[0].weight", "2", "minilb.json:1:44")]
    [InlineData("pools.a.b.backends[0].backup", "false", "default")]
    [InlineData("pools.a.b.hash.key", "clientIp", "default")]
    [InlineData("pools.a.b.healthCheck.headers.X-A.B", "1", "minilb.json:2:57")]
    [InlineData("pools.a.b.healthCheck.port", null, "default")]
    [InlineData("pools.a.b.stickySession.secret", "s", "minilb.json:3:66")]
    [InlineData("log.level", "information", "default")]
    public void Value_HasItsTextAndWhoWroteIt(string path, string? text, string origin)
    {
        var value = Effective.Values.Single(v => v.Path == path);

        Assert.Equal((text, origin), (value.Text, value.Origin.ToString()));
    }

    [Fact]
    public void Values_HaveEachPathOnce() =>
        Assert.Empty(Effective.Values.GroupBy(v => v.Path).Where(g => g.Count() > 1).Select(g => g.Key));

    [Fact]
    public void Blanked_ShowsNoSecret_AndAllElse() => Assert.Equal(
        [
            ("pools.a.b.healthCheck.headers.Cookie", SecretKeys.Blank),
            ("pools.a.b.stickySession.secret", SecretKeys.Blank),
        ],
        Effective.Blanked().Values.Zip(Effective.Values).Where(v => v.First.Text != v.Second.Text)
            .Select(v => (v.First.Path, v.First.Text!)));

    [Fact]
    public void Secret_ThatIsNotSet_IsShownAsNull() => Assert.Null(
        Configured.ByPoolLine("\"slowStart\": 0").Options.Effective.Blanked().Values
            .Single(v => v.Path == "pools.web.stickySession.secret").Text);
}
