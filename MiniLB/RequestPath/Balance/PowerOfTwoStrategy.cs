using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>The less busy of two drawn at random: choose it where several balancers share the backends, because it is
/// nearly as good as the least busy of all and does not send everybody to the same one.</summary>
internal sealed class PowerOfTwoStrategy(Random random, TimeProvider time) : BalanceStrategy
{
    public override string Name => "powerOfTwo";

    public override object Plan(PoolSnapshot pool) =>
        new DrawPlan(new WeightedTurns(pool.Candidates, pool.Shares), InverseShares.Of(pool));

    public override Backend? Pick(PoolSnapshot pool, in PickRequest request)
    {
        var plan = (DrawPlan)pool.Plan!;
        if (plan.Turns.IsEmpty)
        {
            return null;
        }

        var draw = random.NextInt64();
        var first = Draw(plan.Turns, draw >> 32, request.Excluded);
        if (first is null)
        {
            return null;
        }

        var second = plan.Turns.At(draw & uint.MaxValue);
        if (second == first || request.Excluded.Contains(second))
        {
            second = plan.Turns.Next(draw & uint.MaxValue, request.Excluded.With(first));
        }

        var now = (long)time.GetElapsedTime(0).TotalMilliseconds;
        var picked = second is null ? first : LessBusy(first, second, plan.Inverse, now);
        picked.Rate.Count(now);
        return picked;
    }

    private static Backend? Draw(WeightedTurns turns, long draw, in BackendSet excluded)
    {
        var drawn = turns.At(draw);
        return excluded.Contains(drawn) ? turns.Next(draw, excluded) : drawn;
    }

    private static Backend LessBusy(Backend a, Backend b, float[] inverse, long now)
    {
        var (loadA, loadB) = (a.InFlight * inverse[a.Index], b.InFlight * inverse[b.Index]);
        if (loadA == loadB)
        {
            // Chance alone would leave a quiet pool visibly uneven (HAProxy).
            (loadA, loadB) = ((float)a.Rate.At(now) * inverse[a.Index], (float)b.Rate.At(now) * inverse[b.Index]);
        }

        return loadB < loadA ? b : a;
    }

    private sealed record DrawPlan(WeightedTurns Turns, float[] Inverse);
}
