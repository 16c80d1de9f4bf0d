using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class LatencyBucketsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.00001)]
    [InlineData(0.001)]
    [InlineData(0.0025)]
    [InlineData(0.005)]
    [InlineData(0.01)]
    [InlineData(0.025)]
    [InlineData(0.05)]
    [InlineData(0.1)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2.5)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(100)]
    public void BoundOfPrometheus_IsABoundOfOurs_AndInItsBucket(double seconds)
    {
        var bucket = LatencyBuckets.Of(Ticks(seconds));

        Assert.Equal(seconds, LatencyBuckets.UpperBound(bucket), 9);
        Assert.Equal(bucket + 1, LatencyBuckets.Of(Ticks(seconds) + 1));
    }

    [Fact]
    public void EveryDuration_IsWithinItsBucket_WhichIsNarrow()
    {
        for (var ticks = 1_000L; ticks < Ticks(100); ticks += 1 + (ticks / 97))
        {
            var bucket = LatencyBuckets.Of(ticks);
            var (lower, upper) = (LatencyBuckets.UpperBound(bucket - 1), LatencyBuckets.UpperBound(bucket));
            var seconds = ticks / (double)TimeSpan.TicksPerSecond;

            Assert.InRange(seconds, lower, upper + 1e-12);
            Assert.InRange(upper, lower, (lower * 1.1) + 0.000_010_1);
        }
    }

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(long.MaxValue, LatencyBuckets.Count - 1)]
    public void Extreme_IsInTheFirstOrLastBucket(long ticks, int bucket) =>
        Assert.Equal(bucket, LatencyBuckets.Of(ticks == long.MaxValue ? ticks / 2 : ticks));

    [Fact]
    public void Quantile_IsWhereItsShareIsReached()
    {
        var counts = new long[LatencyBuckets.Count];
        for (var milliseconds = 1; milliseconds <= 1000; milliseconds++)
        {
            counts[LatencyBuckets.Of(milliseconds * TimeSpan.TicksPerMillisecond)]++;
        }

        Assert.Equal(0.5, LatencyBuckets.Quantile(counts, 0.5), 3);
        Assert.Equal(0.9, LatencyBuckets.Quantile(counts, 0.9), 3);
        Assert.Equal(0.999, LatencyBuckets.Quantile(counts, 0.999), 3);
    }

    [Fact]
    public void Quantile_OfNothing_IsZero() =>
        Assert.Equal(0, LatencyBuckets.Quantile(new long[LatencyBuckets.Count], 0.99));

    private static long Ticks(double seconds) => (long)Math.Round(seconds * TimeSpan.TicksPerSecond);
}
