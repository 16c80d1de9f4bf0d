using MiniLB.BackgroundLoops.Health;
using MiniLB.Config.Options;

namespace MiniLB.Tests.BackgroundLoops.Health;

public sealed class ProbeTargetTests
{
    private static readonly HealthCheckOptions Options = new()
    {
        Interval = TimeSpan.FromSeconds(10),
        DownInterval = TimeSpan.FromSeconds(20),
        FastInterval = TimeSpan.FromSeconds(1),
        Jitter = 0,
    };

    [Theory]
    [InlineData("Probe", true, true, true)]
    [InlineData("Probe", false, false, false)]
    [InlineData("Up", true, true, false)]
    [InlineData("Up", false, true, false)]
    [InlineData("Down", true, false, false)]
    [InlineData("Down", false, false, false)]
    public void FirstResult_DecidesAlone_OnlyWhereNothingWasSaidBefore(
        string initial, bool passed, bool up, bool flipped)
    {
        var target = Target(Options with { Initial = Enum.Parse<InitialHealth>(initial) });

        Assert.Equal(flipped, target.Record(passed));
        Assert.Equal(up, target.IsUp);
    }

    [Fact]
    public void FirstResult_OnceItDecided_IsAsGoodAsAFullCount()
    {
        var target = Target(Options);
        target.Record(passed: true);

        Assert.Equal([false, false, true], new[] { target.Record(false), target.Record(false), target.Record(false) });
        Assert.Equal([false, true], new[] { target.Record(true), target.Record(true) });
    }

    /// <summary>P is a pass, F a failure; then the seconds until the next probe.</summary>
    [Theory]
    [InlineData("P", 10)]
    [InlineData("PF", 1)]
    [InlineData("PFF", 1)]
    [InlineData("PFFF", 20)]
    [InlineData("PFFFP", 1)]
    [InlineData("PFFFPP", 10)]
    [InlineData("PFP", 10)]
    [InlineData("PFFP", 10)]
    [InlineData("F", 1)]
    [InlineData("FP", 1)]
    [InlineData("FPF", 1)]
    [InlineData("FPPFFF", 20)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 1)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 20)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFP", 1)]
    public void Wait_IsFast_WhileRiseOrFallIsBeingCounted_AndForThirtyProbesAfterTheStart(string results, int seconds)
    {
        var target = Target(Options);
        foreach (var result in results)
        {
            target.Record(result == 'P');
        }

        Assert.Equal(TimeSpan.FromSeconds(seconds), target.Wait(0.5));
    }

    [Theory]
    [InlineData("PF", 0.5)]
    [InlineData("FP", 0.7)]
    public void Wait_IsNotTheFastInterval_WhereThatIsTheLonger(string results, double seconds)
    {
        var target = Target(Options with
        {
            Interval = TimeSpan.FromSeconds(0.5),
            DownInterval = TimeSpan.FromSeconds(0.7),
        });
        foreach (var result in results)
        {
            target.Record(result == 'P');
        }

        Assert.Equal(TimeSpan.FromSeconds(seconds), target.Wait(0.5));
    }

    [Theory]
    [InlineData(0.0, 9)]
    [InlineData(0.5, 10)]
    [InlineData(1.0, 11)]
    public void Jitter_ShortensOrLengthensTheWait_ByItsShareAtMost(double random, int seconds)
    {
        var target = Target(Options with { Jitter = 0.1 });
        target.Record(passed: true);

        Assert.Equal(seconds, target.Wait(random).TotalSeconds, precision: 6);
    }

    private static ProbeTarget Target(HealthCheckOptions options)
    {
        var backend = Sample.Backend();
        var pool = Sample.PoolOptions() with { HealthCheck = options };
        return new ProbeTarget(pool, backend, HealthChecker.Create(pool, backend.Address, new FakeTimeProvider()));
    }
}
