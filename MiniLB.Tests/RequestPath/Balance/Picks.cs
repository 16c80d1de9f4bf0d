using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

/// <summary>What a strategy picks, over and over.</summary>
internal static class Picks
{
    public static PoolSnapshot Pool(this BalanceStrategy strategy, params int[] weights) =>
        Sample.World(strategy, weights).Current.DefaultPool;

    /// <summary>Picks of each backend, by index; none of them begins anything.</summary>
    public static int[] Count(this BalanceStrategy strategy, PoolSnapshot pool, int picks)
    {
        var counts = new int[pool.All.Length];
        for (var i = 0; i < picks; i++)
        {
            counts[strategy.Pick(pool, default)!.Index]++;
        }

        return counts;
    }

    /// <summary>As <see cref="Count"/>, each pick beginning a request that does not end.</summary>
    public static int[] Begin(this BalanceStrategy strategy, PoolSnapshot pool, int picks)
    {
        for (var i = 0; i < picks; i++)
        {
            Assert.True(strategy.Pick(pool, default)!.TryBegin());
        }

        return Array.ConvertAll(pool.All, b => b.InFlight);
    }

    /// <summary>All that one request is given to when every attempt fails.</summary>
    public static List<Backend> Walk(this BalanceStrategy strategy, PoolSnapshot pool)
    {
        var walked = new List<Backend>();
        var request = default(PickRequest);
        while (strategy.Pick(pool, request) is { } backend)
        {
            walked.Add(backend);
            request = request with { Excluded = request.Excluded.With(backend) };
            Assert.True(walked.Count <= pool.All.Length, "more picks than backends");
        }

        return walked;
    }

    /// <summary>Within four standard deviations of what chance would give.</summary>
    public static void AssertShare(int expected, int actual, int of)
    {
        var p = expected / (double)of;
        var most = 4 * Math.Sqrt(of * p * (1 - p));
        Assert.InRange(actual, expected - most, expected + most);
    }
}
