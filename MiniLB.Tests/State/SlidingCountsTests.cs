using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class SlidingCountsTests
{
    [Fact]
    public void Counts_AreThoseOfTheWindow_InTenths()
    {
        var counts = new SlidingCounts(TimeSpan.FromSeconds(10));

        Assert.Equal((1, 1), counts.Add(TimeSpan.FromSeconds(0.5), failed: true));
        Assert.Equal((2, 1), counts.Add(TimeSpan.FromSeconds(5), failed: false));
        Assert.Equal((3, 1), counts.Add(TimeSpan.FromSeconds(9.9), failed: false));
        Assert.Equal((3, 0), counts.Add(TimeSpan.FromSeconds(10.1), failed: false));
        Assert.Equal((2, 1), counts.Add(TimeSpan.FromSeconds(19.95), failed: true));
        Assert.Equal((1, 0), counts.Add(TimeSpan.FromHours(1), failed: false));
    }

    [Fact]
    public void ManyInOneMoment_AreAllCounted()
    {
        var counts = new SlidingCounts(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 999; i++)
        {
            counts.Add(TimeSpan.FromDays(3), failed: i % 3 == 0);
        }

        Assert.Equal((1_000, 333), counts.Add(TimeSpan.FromDays(3), failed: false));
        counts.Clear();
        Assert.Equal((1, 1), counts.Add(TimeSpan.FromDays(3), failed: true));
    }
}
