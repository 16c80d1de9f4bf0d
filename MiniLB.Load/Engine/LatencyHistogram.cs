using System.Numerics;

namespace MiniLB.Load.Engine;

/// <summary>Counts latencies in buckets whose width grows with the value: exact to a microsecond below 2,048 us, to
/// three significant digits above. The longest one is kept exactly.</summary>
internal sealed class LatencyHistogram
{
    // Values of n bits, n above 11, share 1,024 buckets by their 11 leading bits: each is under 0.1 % wide.
    private const int Bits = 11;
    private const int Half = 1 << (Bits - 1);
    private const int LongestBits = 36; // 19 hours

    private readonly long[] _counts = new long[(LongestBits - Bits + 2) * Half];
    private long _microseconds;

    public long Count { get; private set; }

    public TimeSpan Longest { get; private set; }

    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds((double)_microseconds / Count);

    public void Add(TimeSpan latency)
    {
        var microseconds = Math.Clamp((long)latency.TotalMicroseconds, 0, (1L << LongestBits) - 1);
        _counts[BucketOf(microseconds)]++;
        _microseconds += microseconds;
        Count++;
        Longest = latency > Longest ? latency : Longest;
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        _microseconds += other._microseconds;
        Count += other.Count;
        Longest = other.Longest > Longest ? other.Longest : Longest;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        (_microseconds, Count, Longest) = (0, 0, TimeSpan.Zero);
    }

    /// <param name="share">From 0 to 1: 0.99 for the 99th percentile.</param>
    /// <returns>The latency that this share of the requests did not exceed; zero where nothing was counted.</returns>
    public TimeSpan Percentile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                var highest = TimeSpan.FromMicroseconds(HighestOf(i));
                return highest < Longest ? highest : Longest;
            }
        }

        return TimeSpan.Zero;
    }

    /// <summary>How many latencies were above <paramref name="above"/> and at most <paramref name="most"/>, to the
    /// width of a bucket.</summary>
    public long CountBetween(TimeSpan above, TimeSpan most)
    {
        var (from, to) = (BucketOf(Microseconds(above)), BucketOf(Microseconds(most)));
        long count = 0;
        for (var i = from + 1; i <= to; i++)
        {
            count += _counts[i];
        }

        return count;

        static long Microseconds(TimeSpan time) => Math.Clamp((long)time.TotalMicroseconds, 0, (1L << LongestBits) - 1);
    }

    private static int BucketOf(long microseconds)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)microseconds) - Bits + 1);
        return (shift * Half) + (int)(microseconds >> shift);
    }

    private static long HighestOf(int bucket)
    {
        var shift = Math.Max(0, (bucket / Half) - 1);
        return ((bucket - (shift * Half) + 1L) << shift) - 1;
    }
}
