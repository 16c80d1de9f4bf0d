using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>One full round of turns over some backends: as many for each as its share says, spread evenly.</summary>
/// <remarks>Shares of 5, 1, 1 give A A B A C A A (nginx's smooth weighted round robin). Equal shares give the array of
/// backends itself.</remarks>
internal sealed class WeightedTurns
{
    // Above this, shares are scaled down and rounded to whole turns: each is right to half a turn, and one at least.
    // A round takes as many steps to work out as turns times different shares, each time the pool changes; in so many
    // turns there cannot be more than 361 different ones.
    private const int MostTurns = 65_536;

    private readonly Backend[] _turns;

    public WeightedTurns(Backend[] candidates, int[] shares) =>
        _turns = Array.TrueForAll(shares, s => s == shares[0])
            ? candidates
            : Array.ConvertAll(Spread(shares), i => candidates[i]);

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

    /// <summary>The positions of the shares, each as often in a round as it says.</summary>
    /// <param name="shares">Above 0.</param>
    /// <remarks>Smooth weighted round robin: each gains its weight, the richest is picked and pays the sum. Those of
    /// one share come in their order, over and over, because their credits differ only by whether they have paid for
    /// this time round: so one of them stands for all.</remarks>
    public static int[] Spread(int[] shares)
    {
        var weights = Scaled(shares);
        var turns = new int[weights.Sum()];
        var peers = Enumerable.Range(0, weights.Length).GroupBy(i => weights[i]).Select(g => g.ToArray()).ToArray();
        var gains = Array.ConvertAll(peers, p => weights[p[0]]);
        var credits = new int[peers.Length];
        var heads = new int[peers.Length];
        for (var turn = 0; turn < turns.Length; turn++)
        {
            var richest = 0;
            for (var i = 0; i < credits.Length; i++)
            {
                credits[i] += gains[i];
                if (credits[i] > credits[richest]
                    || (credits[i] == credits[richest] && peers[i][heads[i]] < peers[richest][heads[richest]]))
                {
                    richest = i;
                }
            }

            turns[turn] = peers[richest][heads[richest]];
            if (++heads[richest] == peers[richest].Length)
            {
                heads[richest] = 0;
                credits[richest] -= turns.Length;
            }
        }

        return turns;
    }

    private static int[] Scaled(int[] shares)
    {
        var divisor = shares.Aggregate(0, Gcd);
        var sum = shares.Sum(s => (long)s / divisor);
        return Array.ConvertAll(shares, s => sum <= MostTurns
            ? s / divisor
            : (int)Math.Max(1, (((long)s / divisor * MostTurns) + (sum / 2)) / sum));
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
