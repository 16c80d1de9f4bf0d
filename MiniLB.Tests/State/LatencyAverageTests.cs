using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class LatencyAverageTests
{
    // As any time may be since the machine started: just before what 31 and 32 bits hold, too.
    public static TheoryData<long> Starts => new(0, 5_000, int.MaxValue - 100L, uint.MaxValue - 100L, 1L << 40);

    private readonly LatencyAverage _latency = new();

    [Theory]
    [MemberData(nameof(Starts))]
    public void Peak_IsTakenAtOnce_AndFadesWithTime(long start)
    {
        Assert.Equal(0, _latency.Seconds(start));

        _latency.Observe(0.1, start);
        _latency.Observe(2, start + 1);

        Assert.Equal(2, _latency.Seconds(start + 1), 3);
        Assert.Equal(2 * Math.Exp(-1), _latency.Seconds(start + 10_001), 3);
    }

    [Theory]
    [MemberData(nameof(Starts))]
    public void FasterAnswers_BringTheAverageDown_ByTheTimeBetweenThem(long start)
    {
        _latency.Observe(2, start);

        _latency.Observe(1, start + 5_000);

        var kept = Math.Exp(-0.5);
        Assert.Equal((2 * kept) + (1 - kept), _latency.Seconds(start + 5_000), 3);
    }

    [Theory]
    [MemberData(nameof(Starts))]
    public void FasterAnswers_ThatFollowAtOnce_EachBringItDownByAThirtySecond(long start)
    {
        _latency.Observe(2, start);
        for (var i = 0; i < 64; i++)
        {
            _latency.Observe(1, start);
        }

        Assert.Equal(1 + Math.Pow(31 / 32.0, 64), _latency.Seconds(start), 3);
    }

    [Theory]
    [MemberData(nameof(Starts))]
    public void Silence_OfHalfAMinute_MakesItUnknown(long start)
    {
        _latency.Observe(2, start);

        Assert.NotEqual(0, _latency.Seconds(start + LatencyAverage.Memory - 1));
        Assert.Equal(0, _latency.Seconds(start + LatencyAverage.Memory));
        Assert.Equal(0, _latency.Seconds(start + (1L << 31) + 5));

        _latency.Observe(0.5, start + (1L << 31) + 5);

        Assert.Equal(0.5, _latency.Seconds(start + (1L << 31) + 5), 3);
    }

    [Fact]
    public void AnswerOfNoTime_IsKnownAllTheSame()
    {
        _latency.Observe(0, 5_000);

        Assert.NotEqual(0, _latency.Seconds(5_000));
    }

    [Fact]
    public void ThreadWhoseClockWasReadEarlier_TurnsNoTimeBack()
    {
        _latency.Observe(1, 5_000);
        _latency.Observe(2, 4_990);

        Assert.Equal(2, _latency.Seconds(4_990), 3);
        Assert.Equal(2 * Math.Exp(-1), _latency.Seconds(15_000), 3);
    }

    [Fact]
    public void Forgiveness_HalvesIt()
    {
        _latency.Observe(2, 5_000);

        _latency.Forgive();

        Assert.Equal(1, _latency.Seconds(5_000), 6);
    }

    [Fact]
    public void Peak_AmongTheAnswersOfManyThreads_IsNotLost()
    {
        for (var round = 0; round < 1_000; round++)
        {
            var latency = new LatencyAverage();

            Parallel.For(0, 8, thread => latency.Observe(thread == 3 ? 9 : 0.001, 5_000));

            // The others may all have come after it.
            Assert.InRange(latency.Seconds(5_000), 9 * Math.Pow(31 / 32.0, 7), 9.001);
        }
    }
}
