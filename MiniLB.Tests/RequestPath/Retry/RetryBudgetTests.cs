using MiniLB.Config.Options;
using MiniLB.RequestPath.Retry;

namespace MiniLB.Tests.RequestPath.Retry;

public sealed class RetryBudgetTests
{
    [Theory]
    [InlineData(0, 0.2, 3)]
    [InlineData(15, 0.2, 3)]
    [InlineData(22, 0.2, 3)]
    [InlineData(23, 0.2, 4)]
    [InlineData(60, 0.2, 10)]
    [InlineData(1_200, 0.2, 200)]
    [InlineData(1_000, 0, 3)]
    [InlineData(1_000, 1, 500)]
    public void Retries_AtOnce_AreAShareOfTheFirstSendsInFlight_OrThree(int inFlight, double share, int most)
    {
        var budget = new RetryBudget(new RetryOptions { Budget = share });

        Assert.Equal(most, Enumerable.Range(0, 2_000).Count(_ => budget.TryTake(inFlight)));
        Assert.Equal(most, budget.Used);

        budget.GiveBack();
        Assert.True(budget.TryTake(inFlight));
        Assert.False(budget.TryTake(inFlight));
    }

    [Fact]
    public void ManyThreadsThatAreRefused_AreNotSeenInUse()
    {
        var budget = new RetryBudget(new RetryOptions());
        Assert.Equal(3, Enumerable.Range(0, 3).Count(_ => budget.TryTake(0)));
        var most = 0;

        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                Assert.False(budget.TryTake(0));
                most = Math.Max(most, budget.Used);
            }
        });

        Assert.Equal(3, most);
    }

    [Fact]
    public void ManyThreads_NeverHoldMore_AndGiveAllBack()
    {
        var budget = new RetryBudget(new RetryOptions());

        Parallel.For(0, 100_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            if (budget.TryTake(inFlight: 23))
            {
                Assert.InRange(budget.Used, 1, 4);
                budget.GiveBack();
            }
        });

        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public async Task UsedUpBudget_IsWaitedFor()
    {
        var (clock, budget, pool) = (new FakeTimeProvider(), new RetryBudget(new RetryOptions()), Sample.Pool(1));
        Assert.Equal(3, Enumerable.Range(0, 3).Count(_ => budget.TryTake(0)));

        var taken = budget.TryTakeAsync(pool, clock, CancellationToken.None).AsTask();
        Assert.False(taken.IsCompleted);
        budget.GiveBack();
        clock.Advance(TimeSpan.FromMilliseconds(25));

        Assert.True(await taken);
        Assert.Equal(3, budget.Used);
    }

    [Fact]
    public async Task UsedUpBudget_ThatStaysSo_IsGivenUp()
    {
        var (clock, budget, pool) = (new FakeTimeProvider(), new RetryBudget(new RetryOptions()), Sample.Pool(1));
        Assert.Equal(3, Enumerable.Range(0, 3).Count(_ => budget.TryTake(0)));

        var taken = budget.TryTakeAsync(pool, clock, CancellationToken.None).AsTask();
        await Journeys.Harness.Eventually.True(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(250));
                return taken.IsCompleted;
            },
            "no retry");

        Assert.False(await taken);
        Assert.Equal(3, budget.Used);
    }

    [Fact]
    public async Task Client_ThatLeavesDuringTheWait_TakesNothing()
    {
        var (clock, budget, pool) = (new FakeTimeProvider(), new RetryBudget(new RetryOptions()), Sample.Pool(1));
        using var client = new CancellationTokenSource();
        Assert.Equal(3, Enumerable.Range(0, 3).Count(_ => budget.TryTake(0)));

        var taken = budget.TryTakeAsync(pool, clock, client.Token).AsTask();
        await client.CancelAsync();

        Assert.False(await taken);
        Assert.Equal(3, budget.Used);
    }
}
