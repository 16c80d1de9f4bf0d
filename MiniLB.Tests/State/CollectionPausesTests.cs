using MiniLB.State;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.State;

public sealed class CollectionPausesTests
{
    private readonly CollectionPauses _pauses = new();

    [Fact]
    public void Collections_AreCountedByTheirPauses_AndOnce()
    {
        _pauses.Note(1, TimeSpan.FromMicroseconds(105));
        _pauses.Note(1, TimeSpan.FromMicroseconds(105));
        _pauses.Note(3, TimeSpan.FromMicroseconds(4_105));

        Assert.Equal(1, _pauses.Counts[LatencyBuckets.Of(TimeSpan.FromMicroseconds(105).Ticks)]);
        Assert.Equal(2, _pauses.Counts[LatencyBuckets.Of(TimeSpan.FromMilliseconds(2).Ticks)]);
        Assert.Equal(3, Total());
        Assert.Equal(TimeSpan.FromMicroseconds(4_105), _pauses.Duration);
    }

    [Fact]
    public async Task WhoWatches_CountsEachCollection()
    {
        _pauses.Watch();
        for (var i = 0; i < 3; i++)
        {
            var before = Total();
            await Eventually.True(
                () =>
                {
                    GC.Collect(0);
                    return Total() > before;
                },
                "a collection that is counted");
        }

        Assert.True(Total() <= GC.CollectionCount(0));
        Assert.InRange(_pauses.Duration, TimeSpan.FromTicks(1), GC.GetTotalPauseDuration());
    }

    private long Total()
    {
        var total = 0L;
        foreach (var count in _pauses.Counts)
        {
            total += count;
        }

        return total;
    }
}
