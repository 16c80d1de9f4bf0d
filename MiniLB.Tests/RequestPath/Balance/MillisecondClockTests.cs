using MiniLB.RequestPath.Balance;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class MillisecondClockTests
{
    [Fact]
    public void Clock_OfAnyFrequency_CountsMilliseconds()
    {
        var time = new FakeTimeProvider();
        var clock = new MillisecondClock(time);
        var begin = clock.Now;

        time.Advance(TimeSpan.FromSeconds(1_234.5678));

        Assert.InRange(clock.Now - begin, 1_234_566, 1_234_568);
    }
}
