using System.Runtime.Intrinsics;
using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>Finds the backend of a key in one snapshot of a pool.</summary>
/// <remarks>Each key has an order over all backends that no change of health alters, and is given to the first that can
/// take it. So a backend that goes moves its own keys only, to all of the others, and gets the same ones
/// back.</remarks>
internal sealed class HashPlan
{
    // Where half of the backends are out, one key in 65,536 finds none in so many steps.
    private const int TableSteps = 16;

    // What is lost in rounding must not let one more in where the bound is a whole number.
    private const double Rounding = 1e-9;

    private readonly MaglevTable _table;
    private readonly Backend[] _candidates;
    private readonly int[] _shares;
    private readonly ulong[] _ids;

    // By index: how far slow start has come; 0 for those that are no candidates.
    private readonly byte[] _steps;

    // By index: how many requests a backend may have for each that is in flight; null where there is no bound.
    private readonly double[]? _portions;

    // By index: all ones for candidates, 0 for the others, whose loads loosen nobody's bound.
    private readonly int[] _counted;

    /// <param name="pool">Has candidates.</param>
    /// <param name="table">Who owns which key while all are up.</param>
    /// <param name="boundedLoad">0 means no bound.</param>
    public HashPlan(PoolSnapshot pool, MaglevTable table, double boundedLoad)
    {
        (_table, _candidates, _shares) = (table, pool.Candidates, pool.Shares);
        _ids = Array.ConvertAll(_candidates, MaglevTable.IdOf);
        var places = pool.ByIndex.Length;
        (_steps, _counted) = (new byte[places], new int[places]);
        _portions = boundedLoad > 0 ? new double[places] : null;
        var shares = pool.Shares.Sum(s => (long)s);
        for (var i = 0; i < _candidates.Length; i++)
        {
            var index = _candidates[i].Index;
            (_steps[index], _counted[index]) = ((byte)pool[_candidates[i]].Steps, -1);
            if (_portions is not null)
            {
                _portions[index] = boundedLoad * _shares[i] / shares;
            }
        }
    }

    /// <returns>The first in the key's order that has room, or the first one where none has.</returns>
    public Backend? Pick(ulong key, in BackendSet excluded)
    {
        var next = 0.0;
        var number = key;
        for (var step = 0; step < TableSteps; step++)
        {
            var backend = _table[number];
            if (Takes(backend, number) && !excluded.Contains(backend) && HasRoom(backend, ref next))
            {
                return backend;
            }

            number = Next(number);
        }

        return Foremost(key, excluded, next) ?? Foremost(key, excluded, double.PositiveInfinity);
    }

    // How far slow start must have come is drawn for each step: every advance brings keys home and sends none away, and
    // those that are not home yet are spread as if the backend had the share that it has.
    private bool Takes(Backend backend, ulong number)
    {
        var steps = _steps[backend.Index];
        return steps == BackendStatus.FullSteps
            || (int)(((Next(number) >> 32) * BackendStatus.FullSteps) >> 32) < steps;
    }

    /// <param name="backend">A candidate.</param>
    /// <param name="next">Requests in flight, with the one that is picked for; 0 until somebody needs to know.</param>
    private bool HasRoom(Backend backend, ref double next)
    {
        // A bound is rounded up: there is always room for the first.
        var load = _portions is null ? 0 : backend.InFlight;
        if (load == 0)
        {
            return true;
        }

        next = next == 0 ? InFlight() + 1 : next;
        return load < (_portions![backend.Index] * next) - Rounding;
    }

    // The factor is above 1, so that one candidate at least has room.
    private int InFlight()
    {
        var loads = _candidates[0].Loads;
        loads = loads[..Math.Min(loads.Length, _counted.Length)];
        var sums = Vector128<int>.Zero;
        var i = 0;
        for (; i <= loads.Length - Vector128<int>.Count; i += Vector128<int>.Count)
        {
            sums += Vector128.Create(loads[i..]) & Vector128.Create<int>(_counted.AsSpan(i));
        }

        var sum = Vector128.Sum(sums);
        for (; i < loads.Length; i++)
        {
            sum += loads[i] & _counted[i];
        }

        return sum;
    }

    // Weighted rendezvous hashing looks at all candidates, but it ends, and moves no more keys than the table does.
    private Backend? Foremost(ulong key, in BackendSet excluded, double next)
    {
        Backend? foremost = null;
        var least = double.PositiveInfinity;
        for (var i = 0; i < _candidates.Length; i++)
        {
            var backend = _candidates[i];
            if (excluded.Contains(backend) || !HasRoom(backend, ref next))
            {
                continue;
            }

            // An exponential draw of the rate of its share; 53 bits are a double's, and 0 has no logarithm.
            var draw = ((Next(key ^ _ids[i]) >> 11) + 1) * (1.0 / (1UL << 53));
            var distance = -Math.Log(draw) / _shares[i];
            if (foremost is null || distance < least)
            {
                (foremost, least) = (backend, distance);
            }
        }

        return foremost;
    }

    // The finaliser of SplitMix64: another number that looks unlike the first.
    private static ulong Next(ulong key)
    {
        key += 0x9E3779B97F4A7C15;
        key = (key ^ (key >> 30)) * 0xBF58476D1CE4E5B9;
        key = (key ^ (key >> 27)) * 0x94D049BB133111EB;
        return key ^ (key >> 31);
    }
}
