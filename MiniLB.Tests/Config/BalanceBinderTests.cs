using MiniLB.Config.Options;

namespace MiniLB.Tests.Config;

public sealed class BalanceBinderTests
{
    private const string ExpectedKey = "clientIp, path, header:NAME or cookie:NAME";
    private const string ExpectedFactor = "off, or a factor above 1 such as 1.25";

    [Theory]
    [InlineData("\"clientIp\"", HashKeySource.ClientIp, "")]
    [InlineData("\"path\"", HashKeySource.Path, "")]
    [InlineData("\"header:X-User\"", HashKeySource.Header, "X-User")]
    [InlineData("\"cookie:id\"", HashKeySource.Cookie, "id")]
    internal void HashKey_HasItsMeaning(string key, HashKeySource source, string name) => Assert.Equal(
        new HashOptions { Source = source, Name = name }, Hash($"\"key\": {key}"));

    [Theory]
    [InlineData("1.25", 1.25)]
    [InlineData("\"1.25\"", 1.25)]
    [InlineData("100", 100)]
    [InlineData("\"off\"", 0)]
    [InlineData("false", 0)]
    [InlineData("0", 0)]
    public void BoundedLoad_HasItsMeaning(string value, double factor) =>
        Assert.Equal(factor, Hash($"\"boundedLoad\": {value}").BoundedLoad);

    [Theory]
    [InlineData("\"key\": \"ip\"", $"key: 'ip' is not {ExpectedKey}")]
    [InlineData("\"key\": \"header\"", $"key: 'header' is not {ExpectedKey}")]
    [InlineData("\"key\": \"header:\"", $"key: 'header:' is not {ExpectedKey}")]
    [InlineData("\"key\": \"header:X User\"", $"key: 'header:X User' is not {ExpectedKey}")]
    [InlineData("\"key\": \"cookie:a=b\"", $"key: 'cookie:a=b' is not {ExpectedKey}")]
    [InlineData("\"key\": \"path:/a\"", $"key: 'path:/a' is not {ExpectedKey}")]
    [InlineData("\"key\": \"clientIp:\"", $"key: 'clientIp:' is not {ExpectedKey}")]
    [InlineData("\"key\": \"Path\"", $"key: 'Path' is not {ExpectedKey}")]
    [InlineData("\"key\": null", $"key: expected {ExpectedKey}, found null")]
    [InlineData("\"boundedLoad\": 1", $"boundedLoad: '1' is not {ExpectedFactor}")]
    [InlineData("\"boundedLoad\": 100.5", $"boundedLoad: '100.5' is not {ExpectedFactor}")]
    [InlineData("\"boundedLoad\": -2", $"boundedLoad: '-2' is not {ExpectedFactor}")]
    [InlineData("\"boundedLoad\": \"NaN\"", $"boundedLoad: 'NaN' is not {ExpectedFactor}")]
    [InlineData("\"boundedLoad\": true", $"boundedLoad: 'true' is not {ExpectedFactor}")]
    public void HashValue_ThatDoesNotFit_IsExactlyThisLine(string line, string error)
    {
        const string Before = "\"strategy\": \"consistentHash\", \"hash\": {";
        var column = Before.Length + line.IndexOf(": ", StringComparison.Ordinal) + 3;

        Assert.Equal([$"minilb.json:2:{column} pools.web.hash.{error}"],
            Configured.ByPoolLine($"{Before}{line}}}").Errors);
    }

    [Theory]
    [InlineData("roundRobin", "\"key\": \"path\"",
        "hash.key: has no effect with strategy roundRobin, only with consistentHash")]
    [InlineData("ipHash", "\"key\": \"path\"",
        "hash.key: has no effect with strategy ipHash, only with consistentHash")]
    [InlineData("random", "\"boundedLoad\": 1.25",
        "hash.boundedLoad: has no effect with strategy random, only with consistentHash and ipHash")]
    [InlineData("ipHash", "\"boundedLoad\": 1.25", null)]
    [InlineData("consistentHash", "\"key\": \"cookie:id\", \"boundedLoad\": 1.25", null)]
    [InlineData("roundRobin", "\"boundedLoad\": \"off\"", null)]
    public void HashKey_ThatItsStrategyDoesNotRead_IsAnError(string strategy, string hash, string? error)
    {
        var line = $"\"strategy\": \"{strategy}\", \"hash\": {{{hash}}}";
        var errors = Configured.ByPoolLine(line).Errors;

        Assert.Equal(error is null ? 0 : 1, errors.Count);
        Assert.All(errors, e => Assert.EndsWith(error!, e, StringComparison.Ordinal));
    }

    [Fact]
    public void HashKey_OfAStrategyThatIsMisspelt_IsNoErrorOfItsOwn() => Assert.Contains(
        "'consistenthash' is not one of",
        Assert.Single(Configured.ByPoolLine(
            "\"strategy\": \"consistenthash\", \"hash\": {\"key\": \"path\", \"boundedLoad\": 2}").Errors),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("\"1s\"", 1)]
    [InlineData("\"1.5m\"", 90)]
    [InlineData("\"2h\"", 7_200)]
    [InlineData("null", null)]
    public void MaxAge_OfWholeSeconds_HasItsMeaning(string value, int? seconds) => Assert.Equal(
        seconds,
        Configured.Good(Configured.ByPoolLine($"\"stickySession\": {{\"maxAge\": {value}}}"))
            .Pools[0].StickySession.MaxAge?.TotalSeconds);

    private static HashOptions Hash(string line) => Configured.Good(Configured.ByPoolLine(
        $"\"strategy\": \"consistentHash\", \"hash\": {{{line}}}")).Pools[0].Hash;
}
