using MiniLB.Load.Engine;
using MiniLB.Load.Profiles;

namespace MiniLB.Tests.Load.Engine;

public sealed class ArrivalsTests
{
    [Fact]
    public void ConstantRate_IsEvenlySpaced()
    {
        var stage = Open(250, 250, 4);

        Assert.Equal(1000, Arrivals.Count(stage));
        for (var number = 0; number < 1000; number++)
        {
            Assert.Equal(number * 4.0, Arrivals.At(stage, number).TotalMilliseconds, 3);
        }
    }

    [Theory]
    [InlineData(0, 100, 10, 500)]
    [InlineData(100, 0, 10, 500)]
    [InlineData(10, 1000, 60, 30300)]
    [InlineData(1000, 999, 1, 1000)]
    [InlineData(0.5, 0.5, 10, 5)]
    public void Ramp_StartsAsManyAsTheAreaUnderIt_AndNoneOutOfTurn(double from, double to, double seconds, long count)
    {
        var stage = Open(from, to, seconds);

        Assert.Equal(count, Arrivals.Count(stage));
        var last = TimeSpan.FromTicks(-1);
        for (var number = 0L; number < count; number++)
        {
            var at = Arrivals.At(stage, number);
            Assert.InRange(at, last, stage.Time);
            last = at;
        }
    }

    [Fact]
    public void Ramp_HasTheRateOfEachMoment()
    {
        var stage = Open(100, 500, 10);
        var starts = Enumerable.Range(0, (int)Arrivals.Count(stage)).Select(n => Arrivals.At(stage, n)).ToArray();

        for (var second = 0; second < 10; second++)
        {
            var inIt = starts.Count(s => s >= TimeSpan.FromSeconds(second) && s < TimeSpan.FromSeconds(second + 1));
            Assert.InRange(inIt, stage.At(TimeSpan.FromSeconds(second + 0.5)) - 1,
                stage.At(TimeSpan.FromSeconds(second + 0.5)) + 1);
        }
    }

    private static LoadStage Open(double from, double to, double seconds) =>
        new(LoadShape.Open, from, to, TimeSpan.FromSeconds(seconds));
}
