namespace MiniLB.State;

/// <summary>The buckets of a log-linear histogram: 10 us wide up to 1 ms, then 90 in each decade up to 100 s, and one
/// for what takes longer.</summary>
/// <remarks>Decimal (after Circonus), so that every bound that Prometheus is shown is a bound of ours, and its counts
/// are exact. A bucket includes its upper bound, as Prometheus's do. The error of a quantile above 100 us is at most
/// a tenth.</remarks>
internal static class LatencyBuckets
{
    public const int Count = Linear + (Decades * PerDecade) + 2;

    private const int TicksPerUnit = 100;
    private const int Linear = 100;
    private const int PerDecade = 90;
    private const int Decades = 5;
    private const int Last = Count - 1;
    private const double UnitsPerSecond = (double)TimeSpan.TicksPerSecond / TicksPerUnit;

    /// <param name="ticks">Those of <see cref="TimeSpan"/>.</param>
    public static int Of(long ticks)
    {
        var units = (Math.Max(0, ticks) + TicksPerUnit - 1) / TicksPerUnit;
        if (units <= Linear)
        {
            return (int)units;
        }

        var (first, width) = (Linear, 10L);
        for (var decade = 0; decade < Decades; decade++)
        {
            if (units <= width * Linear)
            {
                return first + (int)((units - (width * 10) + width - 1) / width);
            }

            (first, width) = (first + PerDecade, width * 10);
        }

        return Last;
    }

    /// <returns>Seconds; that of the last bucket is where it begins, since it has no end.</returns>
    public static double UpperBound(int bucket)
    {
        if (bucket <= Linear)
        {
            return bucket / UnitsPerSecond;
        }

        var (decade, step) = Math.DivRem(Math.Min(bucket, Last - 1) - Linear - 1, PerDecade);
        return (step + 11) * Math.Pow(10, decade + 1) / UnitsPerSecond;
    }

    /// <param name="counts">By bucket.</param>
    /// <param name="quantile">From 0 to 1.</param>
    /// <returns>Seconds, on a line between the bounds of the bucket that it falls into; 0 where nothing was
    /// counted.</returns>
    public static double Quantile(ReadOnlySpan<long> counts, double quantile)
    {
        var total = 0L;
        foreach (var count in counts)
        {
            total += count;
        }

        var (rank, below) = (quantile * total, 0L);
        for (var i = 0; total > 0 && i < counts.Length; i++)
        {
            if (counts[i] > 0 && below + counts[i] >= rank)
            {
                var lower = i == 0 ? 0 : UpperBound(i - 1);
                return lower + ((UpperBound(i) - lower) * (rank - below) / counts[i]);
            }

            below += counts[i];
        }

        return 0;
    }
}
