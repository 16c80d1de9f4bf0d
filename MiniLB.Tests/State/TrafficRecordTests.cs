using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class TrafficRecordTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TrafficRecord _record = new();

    [Fact]
    public void SteadyTraffic_HasTheSameRateEverywhere_FromTheFirstSecondOn()
    {
        for (var second = 0; second < 5; second++)
        {
            Serve(100, milliseconds: 1);
            _record.Tick(Second);

            Assert.Equal(100, _record.Rates.Second, 6);
            Assert.Equal(100, _record.Rates.Minute, 6);
            Assert.Equal(100, _record.Rates.Quarter, 6);
        }
    }

    [Fact]
    public void TrafficThatEnds_FadesFasterFromTheShorterAverage()
    {
        for (var second = 0; second < 3_000; second++)
        {
            Serve(10, milliseconds: 1);
            _record.Tick(Second);
        }

        for (var second = 0; second < 60; second++)
        {
            _record.Tick(Second);
        }

        Assert.Equal(0, _record.Rates.Second);
        Assert.Equal(10 / Math.E, _record.Rates.Minute, 2);
        Assert.InRange(_record.Rates.Quarter, 9, 9.6);
    }

    [Fact]
    public void TickThatComesLate_CountsForAllOfItsTime()
    {
        Serve(300, milliseconds: 1);

        _record.Tick(3 * Second);

        Assert.Equal(100, _record.Rates.Second, 6);
    }

    [Fact]
    public void RecentLatencies_AreForgottenAfterTwoWindows()
    {
        Serve(10, milliseconds: 500);
        Tick(TrafficRecord.LatencyWindow);
        Assert.Equal(10, Recent().Sum());

        Serve(5, milliseconds: 1);
        Tick(TrafficRecord.LatencyWindow);

        Assert.Equal(5, Recent().Sum());
        Assert.Equal(5, Recent()[LatencyBuckets.Of(TimeSpan.TicksPerMillisecond)]);
    }

    private void Tick(TimeSpan time)
    {
        for (var gone = TimeSpan.Zero; gone < time; gone += Second)
        {
            _record.Tick(Second);
        }
    }

    private void Serve(int times, int milliseconds)
    {
        for (var i = 0; i < times; i++)
        {
            _record.Counters.Add(new Served(2, 0, milliseconds * TimeSpan.TicksPerMillisecond));
        }
    }

    private long[] Recent()
    {
        var counts = new long[LatencyBuckets.Count];
        _record.AddRecentTo(counts);
        return counts;
    }
}
