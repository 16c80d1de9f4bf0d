using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.State;

/// <summary>What the world keeps, and what it changes, when a source answers.</summary>
public sealed class WorldDiscoveryTests
{
    private static readonly BackendSource Source = SourceOf("http://api:80");

    private World _world = null!;

    [Fact]
    public void Answer_IsFollowed_AndWhatStaysIsTheSame()
    {
        Begin(Pool("http://listed"));
        Assert.False(_world.Knows(Source));

        var change = Assert.Single(Discover("10.0.0.1", "10.0.0.2"));
        Assert.Equal(["http://10.0.0.1", "http://10.0.0.2"], change.Came.Select(b => b.Url));
        var (first, second) = (Of("http://10.0.0.1"), Of("http://10.0.0.2"));
        _world.SetUp(first, up: false);
        _world.SetMode(second, BackendMode.Draining);
        Assert.True(first.TryBegin());

        change = Assert.Single(Discover("10.0.0.2", "10.0.0.3"));

        Assert.Equal("http://10.0.0.1", Assert.Single(change.Left).Url);
        Assert.Equal("http://10.0.0.3", Assert.Single(change.Came).Url);
        Assert.Equal(["http://listed", "http://10.0.0.2", "http://10.0.0.3"], Urls);
        Assert.Same(second, Of("http://10.0.0.2"));
        Assert.Equal(BackendMode.Draining, _world.Current.DefaultPool[second].Mode);
        Assert.True(first.HasLeft);
        _world.Tidy();
        Assert.Equal(1, first.InFlight);
        Assert.True(_world.Knows(Source));
    }

    [Fact]
    public void SameAnswer_ChangesNothing_AndWakesNobody()
    {
        Begin(Pool());
        Discover("10.0.0.1");
        var (before, woken) = (_world.Current, 0);
        _world.Changed += () => woken++;

        Assert.Empty(Discover("10.0.0.1"));

        Assert.Same(before, _world.Current);
        Assert.Equal(0, woken);
    }

    [Fact]
    public void EmptyAnswer_LeavesAPoolWithoutBackends_FromWhichNothingIsPicked()
    {
        foreach (var strategy in (BalanceStrategy[])[
            new LeastConnectionsStrategy(), new RoundRobinStrategy(), new HashStrategy("consistentHash", 1.25),
            new PowerOfTwoStrategy(new Random(1), TimeProvider.System), new RandomStrategy(new Random(1)),
            new PeakEwmaStrategy(new Random(1), TimeProvider.System)])
        {
            Begin(Pool(), strategy);
            Assert.Null(strategy.Pick(_world.Current.DefaultPool, new PickRequest(default, 1)));
            Discover("10.0.0.1", "10.0.0.2");
            Assert.NotNull(strategy.Pick(_world.Current.DefaultPool, new PickRequest(default, 1)));

            Discover();

            Assert.Empty(_world.Current.DefaultPool.All);
            Assert.Null(strategy.Pick(_world.Current.DefaultPool, new PickRequest(default, 1)));
        }
    }

    [Fact]
    public void Reload_KeepsTheAnswer_WithWhatTheSourceSaysNow()
    {
        Begin(Pool());
        Discover("10.0.0.1");
        var backend = Of("http://10.0.0.1");

        Reload(Pool("http://listed") with
        {
            Sources = [Source with { Refresh = TimeSpan.FromMinutes(1), Weight = 7, MaxInFlight = 3, IsBackup = true }],
        });

        Assert.Same(backend, Of("http://10.0.0.1"));
        Assert.Equal((7, 3, true), (backend.Weight, backend.MaxInFlight, backend.IsBackup));
        Assert.False(backend.HasLeft);
    }

    [Fact]
    public void Reload_WithoutTheSource_ForgetsItsAnswer()
    {
        Begin(Pool());
        Discover("10.0.0.1");
        var backend = Of("http://10.0.0.1");

        Reload(Pool("http://listed") with { Sources = [] });

        Assert.True(backend.HasLeft);
        Assert.False(_world.Knows(Source));
    }

    [Fact]
    public void Answer_BeforeTheReloadThatBringsItsSource_IsThereFromItsFirstMoment()
    {
        Begin(Pool("http://listed") with { Sources = [] });
        Assert.Empty(Discover("10.0.0.1"));

        Reload(Pool());

        Assert.Equal(["http://10.0.0.1"], Urls);
    }

    [Fact]
    public void PoolWithoutBackends_IsNoPoolThatIsGone()
    {
        Begin(Pool());
        var path = _world.Current.DefaultPool.Places;

        Reload(Pool() with { SlowStart = TimeSpan.FromSeconds(1) });

        Assert.Same(path, _world.Current.DefaultPool.Places);
    }

    [Fact]
    public void OneServer_FoundAndListed_IsOne_AndStaysWhereOnlyOneOfTheTwoIsLeft()
    {
        var other = SourceOf("http://other:80");
        Begin(Pool("http://10.0.0.1") with { Sources = [Source, other] });
        Discover("10.0.0.1", "10.0.0.2");
        _world.Discover(other, [Found("10.0.0.2")]);
        Assert.Equal(["http://10.0.0.1", "http://10.0.0.2"], Urls);
        var (first, second) = (Of("http://10.0.0.1"), Of("http://10.0.0.2"));
        Assert.Null(first.Options.Source);

        Discover("10.0.0.1");
        Assert.Same(second, Of("http://10.0.0.2"));
        Reload(Pool() with { Sources = [Source, other] });

        Assert.Same(first, Of("http://10.0.0.1"));
        Assert.Equal(Source.Key, first.Options.Source?.Key);
    }

    [Fact]
    public void HttpsBackend_CalledByAnotherName_IsAnother()
    {
        Begin(Pool("https://10.0.0.1") with { Sources = [] });
        var listed = Of("https://10.0.0.1");
        var source = SourceOf("https://api:443");
        _world.Discover(source, [Found("10.0.0.1", "https")]);

        Reload(Pool() with { Sources = [source] });

        Assert.NotSame(listed, Of("https://10.0.0.1"));
        Assert.Equal("api", Of("https://10.0.0.1").Address.ServerName);
    }

    [Fact]
    public void MoreThanAPoolCanHave_AreLeftOut_AndCounted()
    {
        Begin(Pool("http://listed"));

        var change = Assert.Single(_world.Discover(Source,
            [.. Enumerable.Range(0, PoolOptions.MostBackends).Select(i => Found($"10.1.{i >> 8}.{i & 255}"))]));

        Assert.Equal((PoolOptions.MostBackends, 1), (_world.Current.DefaultPool.All.Length, change.LeftOut));
    }

    [Fact]
    public void MoreThanThereArePlacesFor_ChangesNothing_AndSaysWhy()
    {
        Begin(Pool());
        for (var round = 0; round < 3; round++)
        {
            var changes = _world.Discover(Source,
                [.. Enumerable.Range(0, PoolOptions.MostBackends).Select(i => Found($"10.{round}.{i >> 8}.{i & 255}"))]);
            Assert.Equal(round == 2, Assert.Single(changes).Problem is not null);
            Array.ForEach(_world.Current.DefaultPool.All, b => Assert.True(round == 2 || b.TryBegin()));
        }

        Assert.Contains("http://10.1.0.0", Urls);
    }

    // The records' weights are relative to one another.
    [Theory]
    [InlineData(1, "10 20", "10 20")]
    [InlineData(5, "10 20", "50 100")]
    [InlineData(1, "100 1000", "26 256")]
    [InlineData(256, "1 65535", "1 256")]
    public void Weights_AreMultiplied_AndScaledToTheLargestThereIs(int weight, string records, string weights)
    {
        Begin(Pool() with { Sources = [Source with { Weight = weight }] });

        _world.Discover(Source,
            [.. records.Split(' ').Select((w, i) => Found($"10.0.0.{i + 1}") with { Weight = int.Parse(w, System.Globalization.CultureInfo.InvariantCulture) })]);

        Assert.Equal(weights, string.Join(' ', _world.Current.DefaultPool.All.Select(b => b.Weight)));
    }

    [Fact]
    public void Weights_AreScaledInEachLevelByItself()
    {
        Begin(Pool());

        _world.Discover(Source,
            [Found("10.0.0.1") with { Weight = 3 }, Found("10.0.0.2") with { Weight = 512, IsBackup = true }]);

        Assert.Equal([3, 256], _world.Current.DefaultPool.All.Select(b => b.Weight));
    }

    // Two nodes that see the same addresses, each after a history of its own, give each key to the same backend.
    [Fact]
    public void HashesAgree_BetweenNodesThatHaveTheSameAddresses()
    {
        var (a, b) = (new HashStrategy("consistentHash", 0), new HashStrategy("consistentHash", 0));
        Begin(Pool(), a);
        Discover("10.0.0.9", "10.0.0.2");
        Discover("10.0.0.1", "10.0.0.2", "10.0.0.3");
        var one = _world.Current.DefaultPool;
        Begin(Pool(), b);
        Discover("10.0.0.3", "10.0.0.2", "10.0.0.1");
        var two = _world.Current.DefaultPool;

        for (var key = 0UL; key < 10_000; key++)
        {
            var request = new PickRequest(default, key * 0x9E3779B97F4A7C15);
            Assert.Equal(a.Pick(one, request)!.Url, b.Pick(two, request)!.Url);
        }
    }

    private string[] Urls => [.. _world.Current.DefaultPool.All.Select(b => b.Url)];

    private static BackendSource SourceOf(string url)
    {
        Assert.Null(SourceName.ParseDns(url, out var source));
        return source;
    }

    private static PoolOptions Pool(params string[] urls) =>
        Sample.PoolOptions([.. urls.Select(u => Sample.BackendOptions(u))]) with { Sources = [Source] };

    private static BackendOptions Found(string address, string scheme = "http")
    {
        var found = Sample.BackendOptions($"{scheme}://{address}");
        return found with { Address = found.Address with { Name = "api" } };
    }

    private IReadOnlyList<FoundChange> Discover(params string[] addresses) =>
        _world.Discover(Source, [.. addresses.Select(a => Found(a))]);

    private void Begin(PoolOptions options, BalanceStrategy? strategy = null) =>
        _world = Sample.World(strategy ?? new RoundRobinStrategy(), options, new FakeTimeProvider());

    private void Reload(PoolOptions options) =>
        Assert.Null(_world.Reload(new BalancerOptions { Pools = [options] }));

    private Backend Of(string url) => Assert.Single(_world.Current.DefaultPool.All, b => b.Url == url);
}
