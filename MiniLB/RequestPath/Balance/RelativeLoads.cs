using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>Finds the backend with the fewest requests in flight for its share.</summary>
/// <remarks>Quotients and not products with inverses: equal fractions then give equal keys, so that ties are ties. A
/// share of 0 stands for what is no candidate: its key, infinite or not a number, is below none.</remarks>
internal sealed class RelativeLoads
{
    // Vectors of 128 bits, which a program compiled ahead of time has; wider ones it emulates. Two at a time, so that
    // one comparison need not wait for the last.
    private const int Step = 8;

    // By index, like the shares.
    private readonly Backend?[] _all;
    private readonly float[] _shares;

    // One of whose counter those of the others lie beside.
    private readonly Backend _any;

    public RelativeLoads(PoolSnapshot pool)
    {
        (_all, _shares) = (pool.ByIndex, new float[pool.ByIndex.Length]);
        _any = pool.All.FirstOrDefault()!;
        for (var i = 0; i < pool.Candidates.Length; i++)
        {
            _shares[pool.Candidates[i].Index] = pool.Shares[i];
        }
    }

    /// <param name="from">The index that wins a tie; the one after it is the next to.</param>
    /// <returns>Null where there is no candidate.</returns>
    public Backend? Least(int from)
    {
        if (_all.Length < Step)
        {
            return Least(from, default);
        }

        var loads = _any.Loads;
        var least = LeastKey(loads);
        var at = First(loads, least, from, _all.Length);
        at = at < 0 ? First(loads, least, 0, from) : at;
        // The counters go on moving: none may be that low any more.
        return at < 0 ? Least(from, default) : _all[at];
    }

    /// <summary>As above, of those that are left; looks at each once.</summary>
    public Backend? Least(int from, in BackendSet excluded)
    {
        var (least, leastKey) = ((Backend?)null, float.PositiveInfinity);
        for (var i = 0; i < _all.Length; i++)
        {
            var backend = _all[from + i < _all.Length ? from + i : from + i - _all.Length];
            if (backend is null)
            {
                continue;
            }

            var key = backend.InFlight / _shares[backend.Index];
            if (key < leastKey && !excluded.Contains(backend))
            {
                (least, leastKey) = (backend, key);
            }
        }

        return least;
    }

    private float LeastKey(ReadOnlySpan<int> loads)
    {
        var one = Vector128.Create(float.PositiveInfinity);
        var (other, i) = (one, 0);
        for (; i <= _shares.Length - Step; i += Step)
        {
            one = Less(Keys(loads, i), one);
            other = Less(Keys(loads, i + Vector128<float>.Count), other);
        }

        one = Less(one, other);
        one = Less(one, Vector128.Shuffle(one, Vector128.Create(2, 3, 0, 1)));
        one = Less(one, Vector128.Shuffle(one, Vector128.Create(1, 0, 3, 2)));
        var least = one.ToScalar();
        for (; i < _shares.Length; i++)
        {
            var key = loads[i] / _shares[i];
            least = key < least ? key : least;
        }

        return least;
    }

    private int First(ReadOnlySpan<int> loads, float most, int from, int to)
    {
        var (limit, i) = (Vector128.Create(most), from);
        for (; i <= to - Vector128<float>.Count; i += Vector128<float>.Count)
        {
            var found = Vector128.LessThanOrEqual(Keys(loads, i), limit).ExtractMostSignificantBits();
            if (found != 0)
            {
                return i + BitOperations.TrailingZeroCount(found);
            }
        }

        for (; i < to; i++)
        {
            if (loads[i] / _shares[i] <= most)
            {
                return i;
            }
        }

        return -1;
    }

    private Vector128<float> Keys(ReadOnlySpan<int> loads, int at) =>
        Vector128.ConvertToSingle(Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(loads), (nuint)at))
        / Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_shares), (nuint)at);

    // Vector128.Min would take what is not a number.
    private static Vector128<float> Less(Vector128<float> key, Vector128<float> than) =>
        Vector128.ConditionalSelect(Vector128.LessThan(key, than), key, than);
}
