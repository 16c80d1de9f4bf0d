using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>What a load is multiplied by so that loads of unequal backends compare, by <see cref="Backend.Index"/>:
/// infinity for those that are no candidates.</summary>
internal static class InverseShares
{
    public static float[] Of(PoolSnapshot pool)
    {
        var inverse = new float[pool.All.Length];
        Array.Fill(inverse, float.PositiveInfinity);
        for (var i = 0; i < pool.Candidates.Length; i++)
        {
            inverse[pool.Candidates[i].Index] = 1f / pool.Shares[i];
        }

        return inverse;
    }
}
