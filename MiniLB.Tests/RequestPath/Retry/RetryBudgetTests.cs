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
    public void ManyThreads_NeverHoldMoreThanAllowed_AndAreNeverRefusedWhatIsFree()
    {
        var budget = new RetryBudget(new RetryOptions());
        var refused = 0;

        // Three threads hold one at most each: there is always one for each of them.
        Parallel.For(0, 3, new ParallelOptions { MaxDegreeOfParallelism = 3 }, _ =>
        {
            for (var i = 0; i < 200_000; i++)
            {
                if (!budget.TryTake(inFlight: 0))
                {
                    Interlocked.Increment(ref refused);
                    continue;
                }

                Assert.InRange(budget.Used, 1, 3);
                budget.GiveBack();
            }
        });

        Assert.Equal((0, 0), (refused, budget.Used));
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
