using System.Text;
using System.Text.Json.Nodes;
using MiniLB.Config;

namespace MiniLB.Tests.Config;

public sealed class EffectiveJsonTests
{
    private const string Written = """
        {"pools": {"web": {"backends": ["http://a", {"url": "http://b", "weight": "2"}], "http": "2",
                           "strategy": "consistentHash", "hash": {"key": "header:X", "boundedLoad": 1.25},
                           "retry": {"statuses": [502, "503-504"]}, "healthCheck": {"headers": {"X-A": "\""}}}},
         "trustedProxies": ["10.0.0.0/8"], "admin": {"mode": "660", "address": "off"}, "statusPath": null}
        """;

    private static readonly EffectiveConfig Config = Configured.Good(Configured.By(Written)).Effective;

    [Fact]
    public void Json_ReadBack_IsNoOtherConfiguration()
    {
        var again = Configured.By(EffectiveJson.Write(Config));

        Assert.Empty(again.Errors);
        Assert.Empty(ConfigDifferences.Between(Config, again.Options.Effective));
        Assert.Equal(Config.Values.Select(v => (v.Path, v.Text)),
            again.Options.Effective.Values.Select(v => (v.Path, v.Text)));
    }

    [Fact]
    public void Values_HaveTheTypesOfJson()
    {
        var json = JsonNode.Parse(EffectiveJson.Write(Config))!;

        Assert.Equal(
            ["2", "false", "\"0660\"", "null", "\"15s\"", "1.25", "[]"],
            [
                json["pools"]!["web"]!["backends"]![1]!["weight"]!.ToJsonString(),
                json["pools"]!["web"]!["backends"]![1]!["backup"]!.ToJsonString(),
                json["admin"]!["mode"]!.ToJsonString(),
                json["statusPath"]?.ToJsonString() ?? "null",
                json["timeouts"]!["read"]!.ToJsonString(),
                json["pools"]!["web"]!["hash"]!["boundedLoad"]!.ToJsonString(),
                json["admin"]!["hosts"]!.ToJsonString(),
            ]);
    }

    [Fact]
    public void Secret_IsNotInIt()
    {
        var config = Configured.Good(Configured.ByPoolLine("\"stickySession\": {\"secret\": \"hush\"}")).Effective;

        var json = Encoding.UTF8.GetString(EffectiveJson.Write(config));

        Assert.Contains("\"secret\": \"(secret)\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", json, StringComparison.Ordinal);
    }
}
