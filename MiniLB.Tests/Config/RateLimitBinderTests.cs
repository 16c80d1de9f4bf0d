using MiniLB.Config.Options;

namespace MiniLB.Tests.Config;

public sealed class RateLimitBinderTests
{
    private const string Route = "\"routes\": [{\"path\": \"/a\", \"rateLimit\": {0}}]";

    [Fact]
    public void EveryKey_HasItsMeaning_AtTheTopAndUnderARoute()
    {
        const string text = """
            {"enabled": true, "key": "header:X-Api-Key", "rate": "600/m", "burst": 20, "maxKeys": 5000, "dryRun": true}
            """;
        var expected = new RateLimitOptions
        {
            Enabled = true,
            Key = RateLimitKey.Header,
            Header = "X-Api-Key",
            Rate = new Rate(600, TimeSpan.FromMinutes(1)),
            Burst = 20,
            MaxKeys = 5000,
            DryRun = true,
        };

        Assert.Equal(expected, Configured.Good(Configured.ByLine($"\"rateLimit\": {text}")).RateLimit);
        Assert.Equal(
            expected,
            Configured.Good(Configured.ByLine(Route.Replace("{0}", text, StringComparison.Ordinal))).Routes[0].RateLimit);
    }

    [Fact]
    public void NothingWritten_IsNoLimit()
    {
        var options = Configured.Good(Configured.ByLine("\"routes\": [{}]"));

        Assert.Equal(new RateLimitOptions(), options.RateLimit);
        Assert.Equal(new RateLimitOptions(), options.Routes[0].RateLimit);
        Assert.False(options.RateLimit.Enabled);
    }

    [Theory]
    [InlineData("key", "\"cookie:a\"", "'cookie:a' is not clientIp, header:NAME or route")]
    [InlineData("key", "\"header:\"", "'header:' is not clientIp, header:NAME or route")]
    [InlineData("key", "\"header:a b\"", "'header:a b' is not clientIp, header:NAME or route")]
    [InlineData("rate", "100", "'100' is not a rate such as 100/s, 600/m or 1000/h, at most 1000000/s")]
    [InlineData("burst", "0", "'0' is not a whole number from 1 to 1000000")]
    [InlineData("maxKeys", "10000001", "'10000001' is not a whole number from 1 to 10000000")]
    public void ValueThatDoesNotFit_IsAnError(string key, string value, string error) => Assert.EndsWith(
        $" rateLimit.{key}: {error}",
        Assert.Single(Configured.ByLine($"\"rateLimit\": {{\"enabled\": true, \"{key}\": {value}}}").Errors),
        StringComparison.Ordinal);

    [Fact]
    public void KeysWithoutEnabled_AreWarnedOf() => Assert.Contains(
        "rateLimit: has no effect without enabled: true",
        Assert.Single(Configured.ByLine("\"rateLimit\": {\"rate\": \"1/s\"}").Warnings), StringComparison.Ordinal);
}
