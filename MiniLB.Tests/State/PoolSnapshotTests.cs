using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class PoolSnapshotTests
{
    [Fact]
    public void Candidates_AreThoseInRotation_OrAllWhereNoneIs()
    {
        var world = Sample.World(1, 1);
        var all = world.Current.DefaultPool.All;

        world.SetUp(all[0], up: false);
        Assert.Equal([all[1]], world.Current.DefaultPool.Candidates);

        world.SetUp(all[1], up: false);
        Assert.Equal(all, world.Current.DefaultPool.Candidates);
        Assert.Empty(world.Current.DefaultPool.Available);
    }

    [Fact]
    public void Candidates_OfOneSnapshot_AreOneArray()
    {
        var pool = Sample.Pool(1, 1);

        Assert.Same(pool.Candidates, pool.Candidates);
    }

    /// <summary>One letter for each backend; capitals are backups. u is up, d down by its probe, e ejected, o an open
    /// circuit, x drained, z disabled. The columns: in rotation, given requests, waiting as a backup; by
    /// position.</summary>
    [Theory]
    [InlineData("uuu", "012", "012", "")]
    [InlineData("udu", "02", "02", "")]
    [InlineData("ueoxzu", "05", "05", "")]
    [InlineData("uuU", "01", "01", "2")]
    [InlineData("udUU", "0", "0", "23")]
    [InlineData("ddUU", "23", "23", "")]
    [InlineData("deUoUx", "24", "24", "")]
    [InlineData("uDEOXZ", "0", "0", "")]
    [InlineData("dDde", "", "0123", "")]
    [InlineData("dexz", "", "01", "")]
    [InlineData("deDExzo", "", "0123", "")]
    [InlineData("oo", "", "", "")]
    [InlineData("od", "", "1", "")]
    [InlineData("xzo", "", "", "")]
    [InlineData("", "", "", "")]
    [InlineData("U", "0", "0", "")]
    public void Statuses_DecideWhoIsGivenRequests(string pool, string available, string candidates, string reserve)
    {
        var snapshot = Of(pool);

        Assert.Equal(
            (available, candidates, reserve),
            (Text(snapshot.Available), Text(snapshot.Candidates), Text(snapshot.Reserve)));
        Assert.Equal(snapshot.Candidates.Length, snapshot.Shares.Length);
    }

    [Theory]
    [InlineData('u', true, true, true)]
    [InlineData('d', false, false, false)]
    [InlineData('e', false, false, false)]
    [InlineData('o', true, false, false)]
    [InlineData('x', true, false, true)]
    [InlineData('z', true, false, false)]
    public void Status_SaysWhatABackendMayServe(char letter, bool alive, bool any, bool sessions)
    {
        var status = StatusOf(letter);

        Assert.Equal((alive, any, sessions), (status.IsAlive, status.IsAvailable, status.ServesSessions));
    }

    [Fact]
    public void Counts_AreThoseOfTheStatuses()
    {
        var pool = Of("uudeeoxz");

        Assert.Equal((5, 2), (pool.Alive, pool.Ejected));
    }

    [Fact]
    public void InFlight_IsThatOfAllBackends_AlsoOfThoseOutOfRotation()
    {
        var pool = Of("ude");
        Assert.All(pool.All, b => Assert.True(b.TryBegin()));

        Assert.Equal(3, pool.InFlight);
    }

    [Fact]
    public void Plan_IsWorkedOutOnceForEachSnapshot()
    {
        var plans = 0;
        var world = new World(
            new MiniLB.Config.Options.BalancerOptions
            {
                Pools = [Sample.PoolOptions(Sample.BackendOptions("http://a"), Sample.BackendOptions("http://b"))],
            },
            paths: (_, _, _) => new CountingPath(() => ++plans));
        Assert.Equal(1, world.Current.DefaultPool.Plan);

        world.SetUp(world.Current.DefaultPool.All[0], up: false);
        Assert.Equal(2, world.Current.DefaultPool.Plan);
    }

    private sealed class CountingPath(Func<int> plan) : PoolPath
    {
        public override object Plan(PoolSnapshot pool) => plan();
    }

    private static PoolSnapshot Of(string letters)
    {
        var loads = new int[letters.Length];
        return new PoolSnapshot(
            Sample.PoolOptions(),
            [.. letters.Select((letter, i) => new Backend(
                Sample.BackendOptions($"http://b{i}") with { IsBackup = char.IsUpper(letter) }, i, loads))],
            [.. letters.Select(StatusOf)]);
    }

    private static BackendStatus StatusOf(char letter) => char.ToLowerInvariant(letter) switch
    {
        'd' => new BackendStatus(false, 1),
        'e' => new BackendStatus(true, 1) { Ejection = new Ejection(TimeSpan.MaxValue, false) },
        'o' => new BackendStatus(true, 1) { IsCircuitOpen = true },
        'x' => new BackendStatus(true, 1) { Mode = BackendMode.Draining },
        'z' => new BackendStatus(true, 1) { Mode = BackendMode.Disabled },
        _ => new BackendStatus(true, 1),
    };

    private static string Text(Backend[] backends) => string.Concat(backends.Select(b => b.Index));
}
