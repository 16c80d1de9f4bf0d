using MiniLB.Config.Options;
using MiniLB.RequestPath;
using MiniLB.RequestPath.Balance;
using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

/// <summary>How requests wait for a backend that has room.</summary>
public sealed class BackendPickerQueueTests : PickerTests
{
    [Fact]
    public async Task AllFull_WaitInOrder_ForTheFirstRoom()
    {
        Pool(maxInFlight: 1, backups: 0, backends: 2);
        await TakeIndexes(2);
        var waiting = Enumerable.Range(0, 3).Select(_ => Take()).ToArray();
        Assert.Equal(3, World.Current.DefaultPool.Waiting.Now);

        Free(1);
        Assert.Same(All[1], (await waiting[0]).Backend);
        Free(0);
        Assert.Same(All[0], (await waiting[1]).Backend);

        Assert.False(waiting[2].IsCompleted);
        Free(0);
        Assert.Same(All[0], (await waiting[2]).Backend);
        Assert.Equal(0, World.Current.DefaultPool.Waiting.Now);
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
        Assert.Equal((0, 1), (World.Current.DefaultPool.Waiting.Now, All[0].InFlight));
    }

    [Fact]
    public async Task Client_ThatLeaves_GivesItsPlaceUp()
    {
        Pool(maxInFlight: 1, backups: 0, backends: 1);
        await TakeIndexes(1);
        var leaver = TestExchange.In(World);
        var left = Take(exchange: leaver);
        var next = Take();

        leaver.Timer.ClientHasGone();
        Assert.Equal(new Picked(null, ForwardError.ClientGone), await left);
        Assert.Equal(1, World.Current.DefaultPool.Waiting.Now);

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
        Assert.Equal(1, World.Current.DefaultPool.Waiting.Now);

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
    public async Task BackendThatComesBack_ServesThoseWhoWait()
    {
        Pool(maxInFlight: 1, backups: 0, backends: 2);
        TakeOut(All[1], "down");
        await TakeIndexes(1);
        var waiting = Take();

        World.SetUp(All[1], up: true);

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

        Sample.OpenCircuit(World, All[0]);
        Assert.Equal(new Picked(null, ForwardError.NoneAvailable), await waiting[2]);
        Assert.Equal(2, World.Current.DefaultPool.Waiting.Now);

        Sample.OpenCircuit(World, All[1]);
        Assert.Equal(new Picked(null, ForwardError.NoneAvailable), await waiting[0]);
        Assert.Equal(new Picked(null, ForwardError.NoneAvailable), await waiting[1]);
        Assert.Equal(0, World.Current.DefaultPool.Waiting.Now);
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

    /// <summary>Whoever waits with a key takes the first room that there is, as one does that comes while its own
    /// backend is full; its own where both have room.</summary>
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
        // Two as it comes, two as it joins the queue.
        Assert.Equal((1, 4), (World.Current.DefaultPool.Waiting.Now, strategy.Picks));

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
        Sample.OpenCircuit(World, All[0]);
        Free(0);
        Assert.Equal(ForwardError.NoneAvailable, (await Take()).Error);
        clock.Advance(options.CircuitBreaker.OpenFor);
        Assert.True(circuit.TryHalfOpen());
        World.FollowCircuit(All[0]);

        Assert.Same(All[0], (await Take()).Backend);
        var (second, third) = (Take(), Take());
        Assert.False(second.IsCompleted || third.IsCompleted);

        circuit.End(Verdict.Success, circuit.Stage);
        Free(0);
        Assert.Same(All[0], (await second).Backend);
        Assert.Same(All[0], (await third).Backend);
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
