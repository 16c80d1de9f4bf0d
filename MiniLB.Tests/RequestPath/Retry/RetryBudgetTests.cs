using MiniLB.Config.Options;
using MiniLB.RequestPath.Retry;

namespace MiniLB.Tests.RequestPath.Retry;

public sealed class RetryBudgetTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(10, 3)]
    [InlineData(15, 3)]
    [InlineData(23, 4)]
    [InlineData(60, 10)]
    [InlineData(1_200, 200)]
    public void Retries_AreThreeOrAFifthOfTheFirstSendsInFlight(int inFlight, int most)
    {
        var budget = new RetryBudget(new RetryOptions());

        Assert.Equal(most, Enumerable.Range(0, 2_000).Count(_ => budget.TryTake(inFlight)));
        Assert.Equal(most, budget.Used);

        budget.GiveBack();
        Assert.True(budget.TryTake(inFlight));
        Assert.False(budget.TryTake(inFlight));
    }

    [Fact]
    public void ManyThreads_NeverTakeMore_AndGiveAllBack()
    {
        var budget = new RetryBudget(new RetryOptions());

        Parallel.For(0, 100_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            if (budget.TryTake(inFlight: 23))
            {
                // Those that are being refused are counted for a moment.
                Assert.InRange(budget.Used, 1, 4 + 8);
                budget.GiveBack();
            }
        });

        Assert.Equal(0, budget.Used);
    }

    [Theory]
    [InlineData(0, 1, 25)]
    [InlineData(1, 1, 50)]
    [InlineData(3, 1, 200)]
    [InlineData(4, 1, 250)]
    [InlineData(30, 1, 250)]
    [InlineData(30, 0.5, 125)]
    [InlineData(2, 0, 0)]
    public void Wait_IsAtRandomUpToTwiceTheLast_At250MillisecondsAtMost(int before, double random, double expected) =>
        Assert.Equal(expected, Backoff.Length(new RetryOptions(), before, random).TotalMilliseconds);

    [Fact]
    public async Task BudgetThatIsUsedUp_IsWaitedForAndThenGivenUp()
    {
        var budget = new RetryBudget(new RetryOptions());
        var pool = Sample.Pool(1);
        var clock = new FakeTimeProvider();
        Enumerable.Range(0, 3).ToList().ForEach(_ => budget.TryTake(0));

        var inTime = budget.TryTakeAsync(pool, clock, CancellationToken.None).AsTask();
        Assert.False(inTime.IsCompleted);
        budget.GiveBack();
        await Journeys.Harness.Eventually.True(() => Advanced(clock, inTime), "a retry that became free");
        Assert.True(await inTime);

        var late = budget.TryTakeAsync(pool, clock, CancellationToken.None).AsTask();
        await Journeys.Harness.Eventually.True(() => Advanced(clock, late), "no retry");
        Assert.False(await late);
        Assert.Equal(3, budget.Used);
    }

    private static bool Advanced(FakeTimeProvider clock, Task task)
    {
        clock.Advance(TimeSpan.FromMilliseconds(250));
        return task.IsCompleted;
    }
}
