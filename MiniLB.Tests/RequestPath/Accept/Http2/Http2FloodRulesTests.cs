using MiniLB.RequestPath.Accept.Http2;

namespace MiniLB.Tests.RequestPath.Accept.Http2;

public sealed class Http2FloodRulesTests
{
    private const int Mebibyte = 1024 * 1024;

    private readonly Http2FloodRules _rules = new();

    // Not before the rules were made; nothing passes but what the test adds.
    private readonly long _now = Environment.TickCount64;

    [Fact]
    public void Resets_BeyondABurst_AreTooMany_UntilTimeHasPassed()
    {
        Assert.Equal(1000, Allowed(_now, 2000));
        // The one that was refused is owed.
        Assert.Equal(32, Allowed(_now + 1000, 2000));
    }

    [Fact]
    public void Resets_AsFastAsAllowed_GoOnForEver()
    {
        Allowed(_now, 1000);
        for (var second = 1; second <= 1000; second++)
        {
            Assert.Equal(33, Allowed(_now + (second * 1000), 33));
        }

        Assert.Equal(0, Allowed(_now + 1_000_000, 1));
    }

    [Fact]
    public void Resets_AfterALongTime_AreNoMoreThanABurst() =>
        Assert.Equal(1000, Allowed(_now + (long)TimeSpan.FromDays(30).TotalMilliseconds, 2000));

    [Fact]
    public void Frames_ThatCarryNothing_AreTooMany_AfterTheFirst()
    {
        Assert.True(_rules.MaySend((8 * Mebibyte) + 7, 0, 0));
        Assert.False(_rules.MaySend(1, 0, 0));
    }

    [Theory]
    [InlineData(1000, 0)]
    [InlineData(0, 1000)]
    [InlineData(400, 600)]
    public void Frames_MayBeEightTimesAsLarge_AsWhatTheyCarryAndAreAnswered(int carried, long answered)
    {
        Assert.True(_rules.MaySend(8 * (Mebibyte + 1000), carried, answered));
        Assert.True(_rules.MaySend(7, 0, answered));
        Assert.False(_rules.MaySend(1, 0, answered));
    }

    [Fact]
    public void Frames_ThatCarryWhatTheySend_GoOnForEver()
    {
        for (var i = 0; i < 100_000; i++)
        {
            Assert.True(_rules.MaySend(16_393, 16_384, 0));
        }
    }

    private int Allowed(long now, int tries)
    {
        var count = 0;
        while (count < tries && _rules.MayReset(now))
        {
            count++;
        }

        return count;
    }
}
