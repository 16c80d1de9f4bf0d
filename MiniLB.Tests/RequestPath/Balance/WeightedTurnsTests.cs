using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class WeightedTurnsTests
{
    [Fact]
    public void Round_OfAnyWeights_IsThatOfSmoothWeightedRoundRobin()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var backends = random.Next(1, 14);
            int[] weights = [.. Enumerable.Range(0, backends).Select(_ => random.Next(1, random.Next(2, 40)))];
            var pool = Sample.Pool(weights);

            Assert.Equal(Smooth(pool), RoundOf(pool));
        }
    }

    [Fact]
    public void Round_OfSharesThatStartSlowly_HasThemExactly()
    {
        int[] shares = [1, 10, 256 * 10, 256 * 3];
        var pool = Sample.Pool(1, 1, 1, 1);
        var turns = new WeightedTurns(pool.All, shares);

        Assert.Equal(shares.Sum(), turns.Length);
        Assert.Equal(shares, CountsOf(pool, turns));
    }

    [Fact]
    public void Round_OfAThousandLargeWeights_IsRightToHalfATurn()
    {
        var random = new Random(1);
        int[] shares = [.. Enumerable.Range(0, 1_000).Select(_ => random.Next(1, 257) * random.Next(1, 11))];
        var pool = Sample.Pool([.. Enumerable.Repeat(1, 1_000)]);
        var turns = new WeightedTurns(pool.All, shares);

        var counts = CountsOf(pool, turns);

        Assert.InRange(turns.Length, 65_536 - 500, 65_536 + 500);
        Assert.All(shares.Zip(counts), s => Assert.InRange(
            s.Second - Math.Max(1, s.First * 65_536.0 / shares.Sum()), -0.5, 0.5));
    }

    [Fact]
    public void Round_OfEqualShares_IsTheBackendsThemselves()
    {
        var pool = Sample.Pool(200, 200, 200);

        Assert.Equal(pool.All, RoundOf(pool));
    }

    private static Backend[] RoundOf(PoolSnapshot pool)
    {
        var turns = new WeightedTurns(pool.Candidates, pool.Shares);
        return [.. Enumerable.Range(0, turns.Length).Select(t => turns.At(t))];
    }

    private static int[] CountsOf(PoolSnapshot pool, WeightedTurns turns)
    {
        var counts = new int[pool.All.Length];
        for (var t = 0; t < turns.Length; t++)
        {
            counts[turns.At(t).Index]++;
        }

        return counts;
    }

    /// <summary>As nginx words it: each gains its weight, the richest is picked and pays the sum.</summary>
    private static Backend[] Smooth(PoolSnapshot pool)
    {
        var divisor = pool.Shares.Aggregate((a, b) => (int)System.Numerics.BigInteger.GreatestCommonDivisor(a, b));
        var weights = Array.ConvertAll(pool.Shares, s => s / divisor);
        var credits = new int[weights.Length];
        return [.. Enumerable.Range(0, weights.Sum()).Select(_ =>
        {
            for (var i = 0; i < credits.Length; i++)
            {
                credits[i] += weights[i];
            }

            var richest = Array.IndexOf(credits, credits.Max());
            credits[richest] -= weights.Sum();
            return pool.Candidates[richest];
        })];
    }
}
