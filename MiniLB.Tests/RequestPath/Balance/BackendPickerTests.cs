using MiniLB.Config.Options;
using MiniLB.RequestPath;
using MiniLB.RequestPath.Balance;
using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class BackendPickerTests
{
    private World _world = null!;
    private BackendPicker _picker = null!;

    private Backend[] All => _world.Current.DefaultPool.All;

    [Fact]
    public async Task Room_IsTaken_AndTheStrategyDecidesWhere()
    {
        Pool(maxInFlight: 0, backups: 0, backends: 3);

        Assert.Equal("0, 1, 2, 0", await TakeIndexes(4));
        Assert.Equal([2, 1, 1], All.Select(b => b.InFlight));
    }

    [Fact]
    public async Task FullBackend_IsPassedOver()
    {
        Pool(maxInFlight: 1, backups: 0, backends: 3);
        Assert.True(All[1].TryBegin());

        Assert.Equal("0, 2", await TakeIndexes(2));
        Assert.Equal([1, 1, 1], All.Select(b => b.InFlight));
    }

    [Fact]
    public async Task AllFull_WaitInOrder_ForTheFirstRoom()
    {
        Pool(maxInFlight: 1, backups: 0, backends: 2);
        await TakeIndexes(2);
        var waiting = Enumerable.Range(0, 3).Select(_ => Take()).ToArray();
        Assert.Equal(3, _world.Current.DefaultPool.Waiting.Now);

        Free(1);
        Assert.Same(All[1], (await waiting[0]).Backend);
        Free(0);
        Assert.Same(All[0], (await waiting[1]).Backend);

        Assert.False(waiting[2].IsCompleted);
        Free(0);
        Assert.Same(All[0], (await waiting[2]).Backend);
        Assert.Equal(0, _world.Current.DefaultPool.Waiting.Now);
    }

    [Fact]
    public async Task FullQueue_RefusesAtOnce()
    {
        Pool(maxInFlight: 1, backups: 0, backends: 1, new QueueOptions { Size = 1 });
        await TakeIndexes(1);
        var waiting = Take();

        Assert.Equal(new Picked(null, ForwardError.QueueFull), await Take());

        Free(0);
        Assert.Same(All[0], (await waiting).Backend);
    }

    [Fact]
    public async Task Deadline_OfTheQueue_EndsTheWait()
    {
        Pool(maxInFlight: 1, backups: 0, backends: 1, new QueueOptions { Timeout = TimeSpan.FromMilliseconds(1) });
        await TakeIndexes(1);

        Assert.Equal(new Picked(null, ForwardError.QueueTimeout), await Take());
        Assert.Equal((0, 1), (_world.Current.DefaultPool.Waiting.Now, All[0].InFlight));
    }

    [Fact]
    public async Task Client_ThatLeaves_GivesItsPlaceUp()
    {
        Pool(maxInFlight: 1, backups: 0, backends: 1);
        await TakeIndexes(1);
        var leaver = TestExchange.In(_world);
        var left = Take(exchange: leaver);
        var next = Take();

        leaver.Timer.ClientHasGone();
        Assert.Equal(new Picked(null, ForwardError.ClientGone), await left);
        Assert.Equal(1, _world.Current.DefaultPool.Waiting.Now);

        Free(0);
        Assert.Same(All[0], (await next).Backend);
    }

    [Fact]
    public async Task NobodyOvertakes_ThoseWhoWait()
    {
        Pool(maxInFlight: 1, backups: 0, backends: 1);
        await TakeIndexes(1);
        var first = Take();
        All[0].End(sent: true, failed: false);

        var second = Take();

        Assert.Same(All[0], (await first).Backend);
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task Bound_WaitsForItsOwnBackend_AndHoldsNobodyElseUp()
    {
        Pool(maxInFlight: 1, backups: 0, backends: 2, new QueueOptions { Size = 1 });
        Assert.True(All[0].TryBegin());
        var bound = Take(bound: All[0]);

        Assert.Same(All[1], (await Take()).Backend);
        Free(1);
        Assert.False(bound.IsCompleted);
        Assert.Equal(0, All[1].InFlight);

        Free(0);
        Assert.Same(All[0], (await bound).Backend);
    }

    [Theory]
    [InlineData("drained", 0)]
    [InlineData("disabled", 1)]
    [InlineData("down", 1)]
    [InlineData("tried", 1)]
    public async Task Bound_IsGivenItsBackend_WhileThatServesSessions(string how, int index)
    {
        Pool(maxInFlight: 0, backups: 0, backends: 2);
        TakeOut(All[0], how);

        Assert.Same(All[index], (await Take(
            bound: All[0], excluded: how == "tried" ? default(BackendSet).With(All[0]) : default)).Backend);
    }

    /// <summary>A bound request whose backend cannot be had waits for any other, like everybody.</summary>
    [Theory]
    [InlineData("disabled")]
    [InlineData("down")]
    [InlineData("tried")]
    public async Task Bound_WhoseBackendIsNotToBeHad_WaitsForAnyOther(string how)
    {
        Pool(maxInFlight: 1, backups: 0, backends: 3);
        Assert.All(All, b => Assert.True(b.TryBegin()));
        TakeOut(All[0], how);
        TakeOut(All[2], "drained");
        var waiting = Take(bound: All[0], excluded: how == "tried" ? default(BackendSet).With(All[0]) : default);
        Assert.Equal(1, _world.Current.DefaultPool.Waiting.Now);

        Free(0);
        Free(2);
        Assert.False(waiting.IsCompleted);

        Free(1);
        Assert.Same(All[1], (await waiting).Backend);
    }

    [Fact]
    public async Task BackendThatWasTried_IsNotTakenWhenItIsFreed()
    {
        Pool(maxInFlight: 1, backups: 0, backends: 2);
        Assert.All(All, b => Assert.True(b.TryBegin()));
        var retry = Take(excluded: default(BackendSet).With(All[0]));

        Free(0);
        Assert.False(retry.IsCompleted);

        Free(1);
        Assert.Same(All[1], (await retry).Backend);
    }

    [Fact]
    public async Task RequestWithNowhereLeft_DoesNotWait_ThoughOthersDo()
    {
        Pool(maxInFlight: 1, backups: 0, backends: 1);
        await TakeIndexes(1);
        _ = Take();

        Assert.Equal(
            new Picked(null, ForwardError.NoneAvailable), await Take(excluded: default(BackendSet).With(All[0])));
    }

    [Fact]
    public async Task NoneUsable_IsSaidAtOnce()
    {
        Pool(maxInFlight: 1, backups: 0, backends: 1);
        TakeOut(All[0], "drained");

        Assert.Equal(new Picked(null, ForwardError.NoneAvailable), await Take());
    }

    [Fact]
    public async Task BackendThatComesBack_ServesThoseWhoWait()
    {
        Pool(maxInFlight: 1, backups: 0, backends: 2);
        TakeOut(All[1], "down");
        await TakeIndexes(1);
        var waiting = Take();

        _world.SetUp(All[1], up: true);

        Assert.Same(All[1], (await waiting).Backend);
    }

    [Fact]
    public async Task Backups_AreUsed_OnlyOnceEveryPrimaryWasTried()
    {
        Pool(maxInFlight: 0, backups: 2, backends: 4);
        Assert.Equal("0, 1, 0, 1", await TakeIndexes(4));

        var tried = default(BackendSet).With(All[0]);
        Assert.Same(All[1], (await Take(excluded: tried)).Backend);
        tried = tried.With(All[1]);
        Assert.Same(All[2], (await Take(excluded: tried)).Backend);
        tried = tried.With(All[2]);
        Assert.Same(All[3], (await Take(excluded: tried)).Backend);
        Assert.Equal(ForwardError.NoneAvailable, (await Take(excluded: tried.With(All[3]))).Error);
    }

    [Fact]
    public async Task UsableBackup_IsTriedBeforeAPrimaryThatIsDown()
    {
        Pool(maxInFlight: 0, backups: 1, backends: 3);
        TakeOut(All[1], "down");

        var tried = default(BackendSet).With(All[0]);
        Assert.Same(All[2], (await Take(excluded: tried)).Backend);
        Assert.Same(All[1], (await Take(excluded: tried.With(All[2]))).Backend);
    }

    [Fact]
    public async Task Backups_AreNotUsed_WhilePrimariesAreOnlyFull()
    {
        Pool(maxInFlight: 1, backups: 1, backends: 2);
        await TakeIndexes(1);
        var waiting = Take();

        Assert.False(waiting.IsCompleted);
        Assert.Equal(0, All[1].InFlight);

        _world.SetUp(All[0], up: false);
        Assert.Same(All[1], (await waiting).Backend);
    }

    [Fact]
    public async Task FullBackup_IsWaitedFor_ByARequestThatFailedElsewhere()
    {
        Pool(maxInFlight: 1, backups: 1, backends: 2);
        Assert.True(All[1].TryBegin());
        var waiting = Take(excluded: default(BackendSet).With(All[0]));

        Free(1);

        Assert.Same(All[1], (await waiting).Backend);
    }

    [Fact]
    public async Task CircuitsThatAllOpen_EndTheWaitAtOnce()
    {
        var options = Sample.PoolOptions([.. "ab".Select(c => Sample.BackendOptions($"http://{c}") with
        {
            MaxInFlight = 1,
        })]) with
        {
            CircuitBreaker = new CircuitBreakerOptions { Enabled = true, MinRequests = 1 },
            Queue = new QueueOptions { Timeout = TimeSpan.Zero },
        };
        Pool(options);
        await TakeIndexes(2);
        var waiting = new[] { Take(), Take(bound: All[0]), Take(excluded: default(BackendSet).With(All[1])) };

        Sample.OpenCircuit(_world, All[0]);
        Assert.Equal(new Picked(null, ForwardError.NoneAvailable), await waiting[2]);
        Assert.Equal(2, _world.Current.DefaultPool.Waiting.Now);

        Sample.OpenCircuit(_world, All[1]);
        Assert.Equal(new Picked(null, ForwardError.NoneAvailable), await waiting[0]);
        Assert.Equal(new Picked(null, ForwardError.NoneAvailable), await waiting[1]);
        Assert.Equal(0, _world.Current.DefaultPool.Waiting.Now);
    }

    [Fact]
    public async Task LastBackendThatIsDrained_EndsTheWaitAtOnce()
    {
        Pool(maxInFlight: 1, backups: 0, backends: 1);
        await TakeIndexes(1);
        var waiting = Take();

        TakeOut(All[0], "drained");

        Assert.Equal(new Picked(null, ForwardError.NoneAvailable), await waiting);
    }

    /// <summary>Whoever waits with a key takes the first room that there is, as one does that comes while its own backend
    /// is full; its own where both have room.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FreedBackend_IsTakenByAnotherOnesKey_UnlessThatOneHasRoomToo(bool ownHasRoom)
    {
        var options = PoolOptions(maxInFlight: 1, backups: 0, backends: 2);
        Pool(options, Strategies.Create(options with { Strategy = StrategyName.ConsistentHash }, TimeProvider.System));
        var own = (await Take()).Backend!;
        var other = All[1 - own.Index];
        Assert.True(other.TryBegin());
        var waiting = Take();
        if (ownHasRoom)
        {
            own.End(sent: true, failed: false); // and whoever ended has not yet looked at the queue
        }

        Free(other.Index);

        Assert.Same(ownHasRoom ? own : other, (await waiting).Backend);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(1_000)]
    public async Task FullPool_IsFoundFullByTwoPicks_HoweverLargeItIs(int backends)
    {
        var options = PoolOptions(maxInFlight: 1, backups: 0, backends);
        var strategy = new CountingStrategy();
        Pool(options, strategy);
        Assert.All(All, b => Assert.True(b.TryBegin()));

        var waiting = Take();
        Assert.Equal((1, 4), (_world.Current.DefaultPool.Waiting.Now, strategy.Picks)); // two as it comes, two as it joins the queue

        Free(backends - 1);
        Assert.Same(All[^1], (await waiting).Backend);

        All[^1].End(sent: true, failed: false);
        Assert.Same(All[^1], (await Take()).Backend);
        Assert.Equal(6, strategy.Picks);
    }

    [Fact]
    public async Task TrialOfAHalfOpenCircuit_ThatEnds_MakesRoomForTheNext()
    {
        var clock = new FakeTimeProvider();
        var options = Sample.PoolOptions(Sample.BackendOptions("http://a")) with
        {
            CircuitBreaker = new CircuitBreakerOptions { Enabled = true, MinRequests = 1, Trials = 1 },
        };
        Pool(options, clock);
        var circuit = All[0].Circuit!;
        await TakeIndexes(1);
        Sample.OpenCircuit(_world, All[0]);
        Free(0);
        Assert.Equal(ForwardError.NoneAvailable, (await Take()).Error);
        clock.Advance(options.CircuitBreaker.OpenFor);
        Assert.True(circuit.TryHalfOpen());
        _world.FollowCircuit(All[0]);

        Assert.Same(All[0], (await Take()).Backend);
        var (second, third) = (Take(), Take());
        Assert.False(second.IsCompleted || third.IsCompleted);

        circuit.End(Verdict.Success, circuit.Stage);
        Free(0);
        Assert.Same(All[0], (await second).Backend);
        Assert.Same(All[0], (await third).Backend);
    }

    private void Pool(int maxInFlight, int backups, int backends, QueueOptions? queue = null) =>
        Pool(PoolOptions(maxInFlight, backups, backends, queue));

    private static PoolOptions PoolOptions(int maxInFlight, int backups, int backends, QueueOptions? queue = null) =>
        Sample.PoolOptions([.. Enumerable.Range(0, backends).Select(i => Sample.BackendOptions($"http://b{i}") with
        {
            MaxInFlight = maxInFlight,
            IsBackup = i >= backends - backups,
        })]) with { Queue = queue ?? new QueueOptions { Timeout = TimeSpan.Zero } };

    private void Pool(PoolOptions options, TimeProvider? time = null) => Pool(options, new RoundRobinStrategy(), time);

    private void Pool(PoolOptions options, BalanceStrategy strategy, TimeProvider? time = null)
    {
        _world = Sample.World(strategy, options, time);
        _picker = new BackendPicker(_world, _world.Current.DefaultPool);
    }

    private Task<Picked> Take(
        Backend? bound = null, BackendSet excluded = default, Exchange? exchange = null) =>
        _picker.TakeAsync(exchange ?? TestExchange.In(_world), new PickRequest(excluded, 0), bound)
            .AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    private async Task<string> TakeIndexes(int count)
    {
        var indexes = new int[count];
        for (var i = 0; i < count; i++)
        {
            indexes[i] = (await Take()).Backend!.Index;
        }

        return string.Join(", ", indexes);
    }

    private void Free(int index)
    {
        All[index].End(sent: true, failed: false);
        _picker.MadeRoom(All[index]);
    }

    private void TakeOut(Backend backend, string how)
    {
        switch (how)
        {
            case "drained":
                _world.SetMode(backend, BackendMode.Draining);
                break;
            case "disabled":
                _world.SetMode(backend, BackendMode.Disabled);
                break;
            case "down":
                _world.SetUp(backend, up: false);
                break;
        }
    }

    private sealed class CountingStrategy : BalanceStrategy
    {
        public int Picks { get; private set; }

        public override string Name => "counting";

        public override Backend? Pick(PoolSnapshot pool, in PickRequest request)
        {
            Picks++;
            var excluded = request.Excluded;
            return Array.Find(pool.Candidates, b => !excluded.Contains(b));
        }
    }
}
