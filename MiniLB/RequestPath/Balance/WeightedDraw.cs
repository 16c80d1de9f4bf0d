using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>Draws one of some backends at random, each as often as its share says.</summary>
/// <remarks>Walker's alias method: a position is drawn evenly, and then left to its alias as often as its own share is
/// too small for it. Two steps for any number of backends, right to 1 in 2^31.</remarks>
internal sealed class WeightedDraw
{
    private readonly Backend[] _candidates;
    private readonly int[] _shares;

    // Empty where all shares are equal: no position is left to another then.
    private readonly Column[] _columns;

    public WeightedDraw(PoolSnapshot pool)
    {
        (_candidates, _shares) = (pool.Candidates, pool.Shares);
        _columns = Array.TrueForAll(_shares, s => s == _shares[0]) ? [] : Columns(_shares);
    }

    /// <returns>A position among the candidates; -1 where there is none.</returns>
    public int Draw(Random random)
    {
        // 63 bits: the upper 31 choose the position, the lower 32 whether it is left to the alias.
        var bits = (ulong)random.NextInt64();
        var at = (int)(((bits >> 32) * (ulong)_candidates.Length) >> 31);
        return _candidates.Length == 0 ? -1
            : _columns.Length == 0 || (uint)bits < _columns[at].Kept ? at
            : _columns[at].Alias;
    }

    /// <summary>Draws among those that are left.</summary>
    /// <param name="random">Where the chance comes from.</param>
    /// <param name="excluded">Backends not to draw.</param>
    /// <param name="drawn">A position not to draw; -1 for none.</param>
    /// <returns>A position among the candidates; -1 where none is left.</returns>
    public int Draw(Random random, in BackendSet excluded, int drawn)
    {
        if (excluded.IsEmpty && drawn < 0)
        {
            return Draw(random);
        }

        var sum = 0L;
        for (var i = 0; i < _candidates.Length; i++)
        {
            sum += i == drawn || excluded.Contains(_candidates[i]) ? 0 : _shares[i];
        }

        var left = sum == 0 ? -1 : random.NextInt64(sum);
        for (var i = 0; left >= 0; i++)
        {
            left -= i == drawn || excluded.Contains(_candidates[i]) ? 0 : _shares[i];
            if (left < 0)
            {
                return i;
            }
        }

        return -1;
    }

    // In whole numbers: each position holds the mean, which is the sum of all shares where each is taken as often as
    // there are shares.
    private static Column[] Columns(int[] shares)
    {
        var mean = shares.Sum(s => (long)s);
        var columns = new Column[shares.Length];
        var rest = Array.ConvertAll(shares, s => (long)s * shares.Length);
        var (small, large) = (new Stack<int>(), new Stack<int>());
        for (var i = 0; i < rest.Length; i++)
        {
            (rest[i] < mean ? small : large).Push(i);
        }

        while (small.TryPop(out var at))
        {
            // What is not enough here comes from one that has too much, and may have too little then.
            var from = large.Peek();
            columns[at] = new Column((uint)((UInt128)rest[at] * uint.MaxValue / (UInt128)mean), from);
            rest[from] -= mean - rest[at];
            if (rest[from] < mean)
            {
                small.Push(large.Pop());
            }
        }

        foreach (var at in large)
        {
            columns[at] = new Column(uint.MaxValue, at);
        }

        return columns;
    }

    private readonly record struct Column(uint Kept, int Alias);
}
