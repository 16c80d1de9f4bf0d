using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class SlowStartRulesTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(19.9, 1)]
    [InlineData(20, 2)]
    [InlineData(55, 5)]
    [InlineData(99.9, 9)]
    [InlineData(100, 10)]
    [InlineData(1_000, 10)]
    public void Share_IsWhatHasPassed_AtLeastATenth(double seconds, int steps) =>
        Assert.Equal(steps, SlowStartRules.Steps(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(100)));
}
