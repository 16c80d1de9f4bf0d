using MiniLB.Load.Engine;

namespace MiniLB.Load.Reports;

/// <summary>How many answers took longer than <paramref name="AboveMs"/> and at most <paramref name="MostMs"/>.</summary>
internal sealed record DistributionBucket(double AboveMs, double MostMs, long Count)
{
    // Twenty buckets for each power of ten, from 10 us on: fine enough to see two humps, coarse enough to see bars.
    private const int PerDecade = 20;
    private const double LeastMs = 0.01;

    public static IReadOnlyList<DistributionBucket> Of(LatencyHistogram histogram)
    {
        var buckets = new List<DistributionBucket>();
        long seen = 0;
        for (var (number, above) = (0, 0.0); seen < histogram.Count; number++)
        {
            var most = LeastMs * Math.Pow(10, (double)number / PerDecade);
            var count = histogram.CountBetween(TimeSpan.FromMilliseconds(above), TimeSpan.FromMilliseconds(most))
                + (number == 0 ? histogram.CountBetween(TimeSpan.FromTicks(-1), TimeSpan.Zero) : 0);
            if (count > 0 || buckets.Count > 0)
            {
                buckets.Add(new DistributionBucket(Math.Round(above, 4), Math.Round(most, 4), count));
            }

            (seen, above) = (seen + count, most);
        }

        return buckets;
    }
}
