using MiniLB.RequestPath.Admit;

namespace MiniLB.Tests.RequestPath.Admit;

public sealed class AllowanceTests
{
    [Fact]
    public void Taking_AboveTheLimit_IsRefusedAndTakesNothing()
    {
        var allowance = new Allowance(2);

        Assert.Equal([true, true, false, false], Enumerable.Range(0, 4).Select(_ => allowance.TryTake()));
        Assert.Equal(2, allowance.Taken);

        allowance.GiveBack();
        Assert.True(allowance.TryTake());
        Assert.False(allowance.TryTake());
    }

    [Fact]
    public void Several_AreTakenAllOrNone()
    {
        var allowance = new Allowance(10);

        Assert.True(allowance.TryTake(8));
        Assert.False(allowance.TryTake(3));
        Assert.Equal(8, allowance.Taken);

        allowance.GiveBack(8);
        Assert.True(allowance.TryTake(10));
    }

    [Fact]
    public void Limit_OfZero_IsNone()
    {
        var allowance = new Allowance(0);

        Assert.All(Enumerable.Range(0, 1_000), _ => Assert.True(allowance.TryTake()));
        Assert.Equal(1_000, allowance.Taken);
    }

    [Fact]
    public void ManyThreads_TakingWithoutGivingBack_GetExactlyTheLimit()
    {
        var allowance = new Allowance(1_234);
        var got = 0;

        Parallel.For(0, 100_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            if (allowance.TryTake())
            {
                Interlocked.Increment(ref got);
            }
        });

        Assert.Equal((1_234, 1_234), (got, allowance.Taken));
    }

    [Fact]
    public void ManyThreads_TakingAndGivingBack_NeverHoldMoreAndLeaveNothing()
    {
        var allowance = new Allowance(3);
        var held = 0;
        var most = 0;

        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            for (var i = 0; i < 50_000; i++)
            {
                if (allowance.TryTake())
                {
                    var now = Interlocked.Increment(ref held);
                    most = Math.Max(most, now);
                    Interlocked.Decrement(ref held);
                    allowance.GiveBack();
                }
            }
        });

        Assert.InRange(most, 1, 3);
        Assert.Equal(0, allowance.Taken);
    }
}
