using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class SlidingCountsTests
{
    private readonly SlidingCounts _counts = new(TimeSpan.FromSeconds(10));

    [Fact]
    public void Additions_OfOneMoment_AreCounted()
    {
        Add(0, failed: false);
        Add(0, failed: true);

        Assert.Equal((3, 2), Add(0, failed: true));
    }

    [Theory]
    [InlineData(9, 2)]
    [InlineData(9.9, 2)]
    [InlineData(10, 1)]
    [InlineData(11, 1)]
    [InlineData(19, 1)]
    [InlineData(1_000_000, 1)]
    public void Addition_IsForgotten_OnceTheWindowHasPassed(double later, int counted)
    {
        Add(0, failed: true);

        Assert.Equal((counted, counted), Add(later, failed: true));
    }

    [Fact]
    public void Window_MovesOnPartByPart()
    {
        for (var second = 0; second < 10; second++)
        {
            Assert.Equal((second + 1, 0), Add(second, failed: false));
        }

        Assert.Equal((10, 0), Add(10, failed: false));
        Assert.Equal((8, 0), Add(13, failed: false));
        Assert.Equal((1, 1), Add(100, failed: true));
    }

    [Fact]
    public void FirstAddition_LongAfterTheStartOfTheClock_IsCountedAlone() =>
        Assert.Equal((1, 1), Add(TimeSpan.FromDays(400).TotalSeconds, failed: true));

    [Fact]
    public void Clear_ForgetsAll()
    {
        Add(5, failed: true);

        _counts.Clear();

        Assert.Equal((1, 0), Add(5, failed: false));
    }

    [Fact]
    public void Counts_AreThoseOfARecordOfEveryAddition()
    {
        var random = new Random(1);
        var all = new List<(long Part, bool Failed)>();
        var now = 0.0;
        for (var i = 0; i < 5_000; i++)
        {
            now += random.NextDouble() < 0.01 ? random.NextDouble() * 30 : random.NextDouble() / 10;
            var failed = random.NextDouble() < 0.3;
            all.Add(((long)now, failed));

            var counted = all.Where(a => a.Part > (long)now - 10).ToArray();
            Assert.Equal((counted.Length, counted.Count(a => a.Failed)), Add(now, failed));
        }
    }

    private (int Requests, int Failures) Add(double seconds, bool failed) =>
        _counts.Add(TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond)), failed);
}
