using MiniLB.BackgroundLoops.Health;

namespace MiniLB.Tests.BackgroundLoops.Health;

public sealed class HealthRulesTests
{
    private const int Rise = 2;
    private const int Fall = 3;

    /// <summary>HAProxy's arithmetic (check.c): 0 and 1 are down, 2 to 4 are up. One pass while up restores full
    /// health, one failure while down takes away what was gained: rise and fall count results in a row.</summary>
    [Theory]
    [InlineData(0, false, 0)]
    [InlineData(0, true, 1)]
    [InlineData(1, false, 0)]
    [InlineData(1, true, 4)]
    [InlineData(2, false, 0)]
    [InlineData(2, true, 4)]
    [InlineData(3, false, 2)]
    [InlineData(3, true, 4)]
    [InlineData(4, false, 3)]
    [InlineData(4, true, 4)]
    public void Health_AfterAProbe_IsHaproxys(int health, bool passed, int next) =>
        Assert.Equal(next, HealthRules.Next(health, passed, Rise, Fall));

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(1, false, true)]
    [InlineData(2, true, true)]
    [InlineData(3, true, true)]
    [InlineData(4, true, false)]
    public void Health_SaysUpAndWhetherACountIsRunning(int health, bool up, bool inTransition) => Assert.Equal(
        (up, inTransition), (HealthRules.IsUp(health, Rise), HealthRules.IsInTransition(health, Rise, Fall)));

    /// <summary>From full health; P is a pass, F a failure; the expected line says up or down after each.</summary>
    [Theory]
    [InlineData("FFF", "UUD")]
    [InlineData("FFPFF", "UUUUU")]
    [InlineData("FFPFFPFFF", "UUUUUUUUD")]
    [InlineData("FPFPFPFP", "UUUUUUUU")]
    [InlineData("FFFPP", "UUDDU")]
    [InlineData("FFFPFPP", "UUDDDDU")]
    [InlineData("FFFPPFF", "UUDDUUU")]
    [InlineData("FFFPPFFF", "UUDDUUUD")]
    public void Results_InARow_TakeDownAfterFallAndBringUpAfterRise(string results, string states)
    {
        var health = HealthRules.Highest(Rise, Fall);
        var seen = "";
        foreach (var result in results)
        {
            health = HealthRules.Next(health, result == 'P', Rise, Fall);
            seen += HealthRules.IsUp(health, Rise) ? 'U' : 'D';
        }

        Assert.Equal(states, seen);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RiseAndFallOfOne_FollowEachResult(bool passed)
    {
        for (var health = HealthRules.Lowest; health <= HealthRules.Highest(1, 1); health++)
        {
            Assert.Equal(passed, HealthRules.IsUp(HealthRules.Next(health, passed, 1, 1), 1));
        }
    }

    [Fact]
    public void Health_NeverLeavesItsRange()
    {
        foreach (var (rise, fall) in new[] { (1, 1), (1, 5), (5, 1), (2, 3), (10, 10) })
        {
            for (var health = HealthRules.Lowest; health <= HealthRules.Highest(rise, fall); health++)
            {
                Assert.InRange(HealthRules.Next(health, true, rise, fall), 0, rise + fall - 1);
                Assert.InRange(HealthRules.Next(health, false, rise, fall), 0, rise + fall - 1);
            }
        }
    }

    [Theory]
    [InlineData(2, 2, false)]
    [InlineData(2, 3.2, false)]
    [InlineData(2, 3.3, true)]
    [InlineData(2, 30, true)]
    [InlineData(0.1, 0.39, false)]
    [InlineData(0.1, 0.41, true)]
    public void Probe_ThatEndsLongAfterItsTimeout_IsLate(double timeout, double took, bool isLate) =>
        Assert.Equal(isLate, HealthRules.IsLate(TimeSpan.FromSeconds(took), TimeSpan.FromSeconds(timeout)));
}
