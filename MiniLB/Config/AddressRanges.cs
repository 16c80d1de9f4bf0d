using System.Numerics;

namespace MiniLB.Config;

/// <summary>Ranges of numbers, found by halving.</summary>
internal sealed class AddressRanges<T>
    where T : IUnsignedNumber<T>, IComparisonOperators<T, T, bool>
{
    // In order, and no two of them overlap.
    private readonly T[] _firsts;
    private readonly T[] _lasts;

    /// <param name="ranges">In any order; both ends belong to a range.</param>
    public AddressRanges(IEnumerable<(T First, T Last)> ranges)
    {
        var apart = new List<(T First, T Last)>();
        foreach (var range in ranges.OrderBy(r => r.First))
        {
            if (apart.Count > 0 && range.First <= apart[^1].Last)
            {
                var last = apart[^1];
                apart[^1] = (last.First, range.Last > last.Last ? range.Last : last.Last);
            }
            else
            {
                apart.Add(range);
            }
        }

        (_firsts, _lasts) = ([.. apart.Select(r => r.First)], [.. apart.Select(r => r.Last)]);
    }

    public bool IsEmpty => _firsts.Length == 0;

    public bool Contains(T number)
    {
        // Everything before low begins at or below the number, everything from high on above it.
        var (low, high) = (0, _firsts.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_firsts[middle] <= number)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low > 0 && number <= _lasts[low - 1];
    }
}
