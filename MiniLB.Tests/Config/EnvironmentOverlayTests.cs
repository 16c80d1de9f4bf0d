using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.Tests.Config;

public sealed class EnvironmentOverlayTests
{
    private const string OneBackend = "MINILB_POOLS__DEFAULT__BACKENDS__0__URL=http://10.0.0.1:8080";

    [Theory]
    [InlineData("MINILB_LOG__FORMAT=json")]
    [InlineData("minilb_log__format=json")]
    [InlineData("MiniLB_Log__Format=json")]
    public void Variable_InAnyCase_SetsItsKey(string variable) =>
        Assert.True(Configured.Good(By(OneBackend, variable)).Log.Json);

    [Fact]
    public void Variable_OfANestedKeyInAnyCase_SetsIt()
    {
        var options = Configured.Good(By(OneBackend, "MINILB_POOLS__DEFAULT__HEALTHCHECK__DOWNINTERVAL=7s"));

        Assert.Equal(TimeSpan.FromSeconds(7), options.Pools[0].HealthCheck.DownInterval);
    }

    [Fact]
    public void Variables_OfTwelveListPositions_KeepTheirOrder()
    {
        var backends = Enumerable.Range(0, 12)
            .Select(i => $"MINILB_POOLS__WEB__BACKENDS__{i}__URL=http://10.0.0.{i}:80");

        var pool = Configured.Good(By([.. backends.Reverse()])).Pools[0];

        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"http://10.0.0.{i}:80"), pool.Backends.Select(b => b.Url));
    }

    [Fact]
    public void Variables_OfPlainAndDetailedItems_MayBeMixed()
    {
        var pool = Configured.Good(By(
            "MINILB_POOLS__WEB__BACKENDS__0__URL=http://a:80",
            "MINILB_POOLS__WEB__BACKENDS__0__WEIGHT=3",
            "MINILB_POOLS__WEB__BACKENDS__1=http://b:80")).Pools[0];

        Assert.Equal([("http://a:80", 3), ("http://b:80", 1)], pool.Backends.Select(b => (b.Url, b.Weight)));
    }

    [Fact]
    public void Pool_NamedByAVariableAlone_HasALowerCaseName() =>
        Assert.Equal("default", Configured.Good(By(OneBackend)).Pools[0].Name);

    [Fact]
    public void Gap_InAList_IsAnErrorThatNamesTheVariable()
    {
        var configured = By(OneBackend, "MINILB_POOLS__DEFAULT__BACKENDS__2__URL=http://c:80");

        Assert.Equal(
            ["MINILB_POOLS__DEFAULT__BACKENDS__2__URL pools.default.backends.2.url: "
                + "position 2 leaves a gap: the list has 1 items before it"],
            configured.Errors);
    }

    [Fact]
    public void NegativePosition_IsAnErrorAndNoException() =>
        Assert.Single(By(OneBackend, "MINILB_POOLS__DEFAULT__BACKENDS__-1__URL=http://c:80").Errors);

    [Theory]
    [InlineData("MINILB_BINARY=/usr/bin/minilb")]
    [InlineData("MINILB_BIN=/usr/bin/minilb")]
    [InlineData("MINILB_SERVICE_HOST=10.0.0.1")]
    [InlineData("MINILB_SERVICE_PORT_HTTP=80")]
    [InlineData("MINILB_PORT=tcp://10.0.0.1:80")]
    [InlineData("MINILB_PORT_80_TCP_ADDR=10.0.0.1")]
    [InlineData("minilb_service_host=10.0.0.1")]
    [InlineData("MINILBX_LOG__FORMAT=json")]
    [InlineData("LOG__FORMAT=json")]
    public void Variable_ThatTestsOrKubernetesSetOrThatIsNotOurs_IsIgnored(string variable)
    {
        var configured = By(OneBackend, variable);

        Assert.False(Configured.Good(configured).Log.Json);
        Assert.Empty(configured.Warnings);
    }

    [Theory]
    [InlineData("MINILB_LOGG__LEVEL=debug", "MINILB_LOGG__LEVEL LOGG: unknown key, ignored; did you mean 'log'?")]
    [InlineData("MINILB_LOG__LEVLE=debug", "MINILB_LOG__LEVLE log.LEVLE: unknown key, ignored; did you mean 'level'?")]
    [InlineData("MINILB_ADMIN_PORT=tcp://10.0.0.1:80", null)]
    [InlineData("MINILB_POOLS__DEFAULT__COLOUR=red", null)]
    [InlineData("MINILB_=x", null)]
    [InlineData("MINILB_LOG__=x", null)]
    public void Variable_ThatIsUnknown_IsAWarningAndNoError(string variable, string? warning)
    {
        var configured = By(OneBackend, variable);

        Configured.Good(configured);
        var only = Assert.Single(configured.Warnings);
        Assert.Equal(warning ?? only, only);
        Assert.StartsWith(variable[..variable.IndexOf('=')], only, StringComparison.Ordinal);
    }

    [Fact]
    public void Value_ThatDoesNotFit_IsAnErrorThatNamesTheVariable()
    {
        Assert.Equal(
            ["MINILB_TIMEOUTS__READ timeouts.read: 'soon' is not a duration such as 250ms, 10s, 5m or 1h"],
            By(OneBackend, "MINILB_TIMEOUTS__READ=soon").Errors);
    }

    [Theory]
    [InlineData("MINILB_STATUSPATH=null")]
    [InlineData("MINILB_STATUSPATH=")]
    public void EmptyAndNull_AreNull(string variable) =>
        Assert.Null(Configured.Good(By(OneBackend, variable)).StatusPath);

    private static Configured By(params string[] variables)
    {
        var errors = new ConfigErrors();
        var root = ConfigNode.Map(new ConfigOrigin("configuration"));
        EnvironmentOverlay.Apply(root, variables.ToDictionary(
            v => v[..v.IndexOf('=')], v => v[(v.IndexOf('=') + 1)..]), errors);
        return new Configured(OptionsBinder.Bind(root, errors), errors.Errors, errors.Warnings);
    }
}
