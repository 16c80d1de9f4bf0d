using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>One full round of turns over some backends: as many for each as its share says, spread evenly.</summary>
/// <remarks>Shares of 5, 1, 1 give A A B A C A A (nginx's smooth weighted round robin). Equal shares give the array of
/// backends itself.</remarks>
internal sealed class WeightedTurns
{
    // A round takes as many steps to work out as turns times backends, each time the pool changes. Above this, shares
    // are
    // scaled down: they stay right to 1 in 300 for a thousand backends.
    private const int MostTurns = 65_536;

    private readonly Backend[] _turns;

    public WeightedTurns(Backend[] candidates, int[] shares) =>
        _turns = Array.TrueForAll(shares, s => s == shares[0]) ? candidates : Spread(candidates, shares);

    public bool IsEmpty => _turns.Length == 0;

    public int Length => _turns.Length;

    public Backend At(long ticket) => _turns[(int)((ulong)ticket % (ulong)_turns.Length)];

    /// <returns>The next one after the ticket's that is not excluded, or null.</returns>
    public Backend? Next(long ticket, in BackendSet excluded)
    {
        for (var i = 1; i <= _turns.Length; i++)
        {
            var backend = At(ticket + i);
            if (!excluded.Contains(backend))
            {
                return backend;
            }
        }

        return null;
    }

    private static Backend[] Spread(Backend[] candidates, int[] shares)
    {
        var weights = Scaled(shares);
        var turns = new Backend[weights.Sum()];
        var credit = new int[candidates.Length];
        for (var turn = 0; turn < turns.Length; turn++)
        {
            var richest = 0;
            for (var i = 0; i < credit.Length; i++)
            {
                credit[i] += weights[i];
                richest = credit[i] > credit[richest] ? i : richest;
            }

            credit[richest] -= turns.Length;
            turns[turn] = candidates[richest];
        }

        return turns;
    }

    private static int[] Scaled(int[] shares)
    {
        var divisor = shares.Aggregate(0, Gcd);
        var sum = shares.Sum(s => (long)s / divisor);
        return Array.ConvertAll(shares, s => sum <= MostTurns
            ? s / divisor
            : (int)Math.Max(1, (long)s / divisor * MostTurns / sum));
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
