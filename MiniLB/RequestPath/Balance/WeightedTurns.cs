using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>One full round of turns over some backends: as many for each as its weight says, spread evenly.</summary>
/// <remarks>Weights 5, 1, 1 give A A B A C A A (nginx's smooth weighted round robin), worked out once per snapshot.
/// Equal weights give the array of backends itself.</remarks>
internal sealed class WeightedTurns
{
    private readonly Backend[] _turns;

    public WeightedTurns(Backend[] candidates)
    {
        Candidates = candidates;
        _turns = Array.TrueForAll(candidates, b => b.Weight == candidates[0].Weight) ? candidates : Spread(candidates);
    }

    public Backend[] Candidates { get; }

    public Backend At(long ticket) => _turns[(int)((ulong)ticket % (ulong)_turns.Length)];

    /// <returns>The next one after the ticket's that has not been tried, or null.</returns>
    public Backend? Next(long ticket, in TriedBackends tried)
    {
        for (var i = 1; i <= _turns.Length; i++)
        {
            var backend = At(ticket + i);
            if (!tried.Contains(backend))
            {
                return backend;
            }
        }

        return null;
    }

    private static Backend[] Spread(Backend[] candidates)
    {
        var divisor = candidates.Aggregate(0, (a, b) => Gcd(a, b.Weight));
        var weights = Array.ConvertAll(candidates, b => b.Weight / divisor);
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

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
