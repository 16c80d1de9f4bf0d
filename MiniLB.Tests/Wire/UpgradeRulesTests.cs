using MiniLB.Wire;

namespace MiniLB.Tests.Wire;

public sealed class UpgradeRulesTests
{
    [Theory]
    [InlineData("1.1", "Connection: Upgrade|Upgrade: websocket", "websocket")]
    [InlineData("1.1", "Connection: keep-alive, UPGRADE|Upgrade: WebSocket", "WebSocket")]
    [InlineData("1.1", "Connection: upgrade|Upgrade: a, b/2", "a, b/2")]
    [InlineData("1.1", "Connection: upgrade|Content-Length: 0|Upgrade: a", "a")]
    [InlineData("1.0", "Connection: Upgrade|Upgrade: websocket", null)]
    [InlineData("1.1", "Upgrade: websocket", null)]
    [InlineData("1.1", "Connection: close|Upgrade: websocket", null)]
    [InlineData("1.1", "Connection: upgrade", null)]
    [InlineData("1.1", "Connection: upgrade|Upgrade:", null)]
    [InlineData("1.1", "Connection: upgrade|Upgrade: a|Upgrade: b", null)]
    [InlineData("1.1", "Connection: upgrade|Upgrade: a|Content-Length: 1", null)]
    [InlineData("1.1", "Connection: upgrade|Upgrade: a|Transfer-Encoding: chunked", null)]
    [InlineData("1.1", "Connection: upgrade, http2-settings|Upgrade: h2c|HTTP2-Settings: x", null)]
    [InlineData("1.1", "Connection: upgrade|Upgrade: websocket , H2C", null)]
    public void Upgrade_IsPassedOn_WhereItCanBeMeant(string version, string fields, string? wanted)
    {
        var lines = fields.Replace("|", "\r\n", StringComparison.Ordinal);
        var head = $"GET / HTTP/{version}\r\nHost: a\r\n{lines}\r\n\r\n";

        Assert.Equal(WireError.None, Heads.Read(head, out var into));
        Assert.Equal(wanted, UpgradeRules.Wanted(into));
    }

    [Theory]
    [InlineData("websocket", "Upgrade: websocket", true)]
    [InlineData("websocket", "Upgrade: WebSocket", true)]
    [InlineData("a, b/2", "Upgrade: b/2", true)]
    [InlineData("a, b", "Upgrade: c", false)]
    [InlineData("a, b", "Upgrade: a, b", false)]
    [InlineData("a", "Upgrade: a|Upgrade: a", false)]
    [InlineData("a", "Upgrade:", false)]
    [InlineData("a", "A: b", false)]
    [InlineData(null, "Upgrade: a", false)]
    public void Switch_IsAskedFor_WhereItNamesOneOfWhatWasWanted(string? wanted, string fields, bool asked)
    {
        var head = $"HTTP/1.1 101 X\r\n{fields.Replace("|", "\r\n", StringComparison.Ordinal)}\r\n\r\n";

        Assert.Equal(WireError.None, Heads.ReadAnswer(head, out var into));
        Assert.Equal(asked, UpgradeRules.IsAsked(into, wanted));
    }
}
