using MiniLB.RequestPath.Balance;
using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

/// <summary>Which backend a request is given.</summary>
public sealed class BackendPickerTests : PickerTests
{
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

    [Fact]
    public async Task NoneUsable_IsSaidAtOnce()
    {
        Pool(maxInFlight: 1, backups: 0, backends: 1);
        TakeOut(All[0], "drained");

        Assert.Equal(new Picked(null, ForwardError.NoneAvailable), await Take());
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

        World.SetUp(All[0], up: false);
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
}
