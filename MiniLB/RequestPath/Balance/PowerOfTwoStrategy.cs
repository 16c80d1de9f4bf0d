using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>The less busy of two drawn at random: choose it where several balancers share the backends, because it is
/// nearly as good as the least busy of all and does not send everybody to the same one.</summary>
internal sealed class PowerOfTwoStrategy(Random random, TimeProvider time) : BalanceStrategy
{
    private readonly MillisecondClock _clock = new(time);

    public override string Name => "powerOfTwo";

    public override object Plan(PoolSnapshot pool) => new WeightedDraw(pool);

    public override Backend? Pick(PoolSnapshot pool, in PickRequest request)
    {
        var draw = (WeightedDraw)pool.Plan!;
        var first = draw.Draw(random, request.Excluded, drawn: -1);
        if (first < 0)
        {
            return null;
        }

        var second = request.Excluded.IsEmpty ? draw.Draw(random) : first;
        if (second == first)
        {
            // Drawing until it is another would give the same shares, and may take long.
            second = draw.Draw(random, request.Excluded, first);
        }

        var now = _clock.Now;
        var at = second >= 0 && IsLessBusy(pool, second, first, now) ? second : first;
        pool.Candidates[at].Rate.Count(now, pool.Shares[at]);
        return pool.Candidates[at];
    }

    private static bool IsLessBusy(PoolSnapshot pool, int one, int other, long now)
    {
        var (a, b) = (pool.Candidates[one], pool.Candidates[other]);
        var (shareOfA, shareOfB) = (pool.Shares[one], pool.Shares[other]);
        var (loadOfA, loadOfB) = ((long)a.InFlight * shareOfB, (long)b.InFlight * shareOfA);
        // Backends with nothing to do all tie, and chance alone is lumpy (HAProxy).
        return loadOfA != loadOfB
            ? loadOfA < loadOfB
            : a.Rate.At(now) * shareOfB < b.Rate.At(now) * shareOfA;
    }
}
