using MiniLB.BackgroundLoops.Memory;

namespace MiniLB.Tests.BackgroundLoops.Memory;

public sealed class PeakTests
{
    private Peak _peak;

    [Fact]
    public void ManyThatHaveGone_AreOver_AfterAWhile_AndOnce()
    {
        Assert.False(_peak.IsOver(Peak.Many));

        Assert.Equal([Peak.Wait], BeatsThatAreOver(0, 100));
    }

    [Theory]
    [InlineData(Peak.Many - 1, 0)] // few from the beginning
    [InlineData(Peak.Many, Peak.Many)] // still there
    [InlineData(Peak.Many, (Peak.Many / 4) + 1)] // enough of them still there
    public void OtherChanges_AreNoEnd(long before, long after)
    {
        _peak.IsOver(before);

        Assert.Empty(BeatsThatAreOver(after, 100));
    }

    [Fact]
    public void ThoseWhoComeBackMeanwhile_AreWaitedForAnew()
    {
        _peak.IsOver(Peak.Many);
        Assert.Empty(BeatsThatAreOver(0, Peak.Wait - 1));

        _peak.IsOver(Peak.Many);

        Assert.Equal([Peak.Wait], BeatsThatAreOver(0, 100));
    }

    [Fact]
    public void NextPeak_EndsToo()
    {
        _peak.IsOver(Peak.Many);
        Assert.NotEmpty(BeatsThatAreOver(0, 100));

        _peak.IsOver(Peak.Many);

        Assert.Equal([Peak.Wait], BeatsThatAreOver(10, 100));
    }

    private List<int> BeatsThatAreOver(long now, int beats)
    {
        var over = new List<int>();
        for (var beat = 1; beat <= beats; beat++)
        {
            if (_peak.IsOver(now))
            {
                over.Add(beat);
            }
        }

        return over;
    }
}
