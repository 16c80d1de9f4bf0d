using MiniLB.Load.Engine;

namespace MiniLB.Tests.Load.Engine;

public sealed class LatencyHistogramTests
{
    // Three significant digits: a bucket is no wider than a thousandth of its value.
    private const double Width = 0.001;

    public static TheoryData<string, double[]> Samples => new()
    {
        { "even", [.. Many(1).Select(r => r.NextDouble() * 50_000)] },
        { "exponential", [.. Many(2).Select(r => -Math.Log(1 - r.NextDouble()) * 3_000)] },
        { "over seven decades", [.. Many(3).Select(r => Math.Pow(10, r.NextDouble() * 7))] },
        { "two humps", [.. Many(4).Select(r => r.NextDouble() < 0.97 ? 400 + r.Next(100) : 1_000_000 + r.Next(9_000))] },
        { "one value", [.. Enumerable.Repeat(123_456.0, 1000)] },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void Percentile_IsTheExactQuantile_ToThreeDigits(string name, double[] microseconds)
    {
        var histogram = Of(microseconds);
        var sorted = microseconds.Select(Math.Floor).Order().ToArray();

        foreach (var share in new[] { 0.001, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1 })
        {
            var exact = sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
            var found = histogram.Percentile(share).TotalMicroseconds;
            Assert.True(found >= exact && found <= (exact * (1 + Width)) + 1, $"{name}, {share}: {exact}, {found}");
        }
    }

    [Fact]
    public void ShortLatencies_AreKeptToTheMicrosecond()
    {
        var histogram = Of([.. Enumerable.Range(0, 2048).Select(n => (double)n)]);

        for (var n = 1; n <= 2048; n++)
        {
            Assert.Equal(n - 1, histogram.Percentile(n / 2048.0).TotalMicroseconds);
        }
    }

    [Fact]
    public void Merged_IsAsIfAllHadBeenAddedToOne()
    {
        var parts = Many(5).Select(r => Math.Pow(10, r.NextDouble() * 6)).Chunk(1000).ToArray();
        var merged = new LatencyHistogram();
        foreach (var part in parts)
        {
            merged.Add(Of(part));
        }

        var whole = Of([.. parts.SelectMany(p => p)]);

        Assert.Equal((whole.Count, whole.Mean, whole.Longest), (merged.Count, merged.Mean, merged.Longest));
        for (var share = 0.0; share <= 1; share += 0.01)
        {
            Assert.Equal(whole.Percentile(share), merged.Percentile(share));
        }
    }

    [Fact]
    public void Mean_IsTheMeanOfWhatWasAdded() =>
        Assert.Equal(2, Of([1_000, 2_000, 3_000]).Mean.TotalMilliseconds);

    [Fact]
    public void CountBetween_CountsEachOnce()
    {
        var histogram = Of([.. Many(6).Select(r => Math.Pow(10, r.NextDouble() * 6))]);
        long sum = 0;
        var above = TimeSpan.FromTicks(-1);
        for (var most = 1.0; most <= 1_000_000; most *= 1.5)
        {
            sum += histogram.CountBetween(above, TimeSpan.FromMicroseconds(most));
            above = TimeSpan.FromMicroseconds(most);
        }

        Assert.Equal(histogram.Count, sum + histogram.CountBetween(above, TimeSpan.FromHours(1))
            + histogram.CountBetween(TimeSpan.FromTicks(-1), TimeSpan.Zero));
    }

    [Fact]
    public void Empty_HasZeros()
    {
        var histogram = Of([5]);
        histogram.Clear();

        Assert.Equal(
            (0, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero),
            (histogram.Count, histogram.Mean, histogram.Longest, histogram.Percentile(0.99)));
    }

    [Fact]
    public void LatencyBeyondAllBounds_IsCountedInTheLastBucket()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.FromDays(3));

        Assert.Equal(1, histogram.Count);
        Assert.Equal(TimeSpan.FromDays(3), histogram.Longest);
        Assert.True(histogram.Percentile(1) > TimeSpan.FromHours(19));
    }

    private static IEnumerable<Random> Many(int seed) => Enumerable.Repeat(new Random(seed), 20_000);

    private static LatencyHistogram Of(double[] microseconds)
    {
        var histogram = new LatencyHistogram();
        foreach (var value in microseconds)
        {
            histogram.Add(TimeSpan.FromMicroseconds(Math.Floor(value)));
        }

        return histogram;
    }
}
