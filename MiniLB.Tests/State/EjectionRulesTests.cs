using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class EjectionRulesTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(3, 30)]
    [InlineData(29, 290)]
    [InlineData(30, 300)]
    [InlineData(31, 300)]
    [InlineData(1_000_000, 300)]
    public void Length_GrowsWithEachEjection_UpToFiveMinutes(int times, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), EjectionRules.Length(new EjectionOptions(), times));

    [Fact]
    public void Length_OfABaseTimeAboveTheMost_IsTheMost() => Assert.Equal(
        TimeSpan.FromSeconds(5),
        EjectionRules.Length(new EjectionOptions { MaxTime = TimeSpan.FromSeconds(5) }, 1));

    [Theory]
    [InlineData(3, 0, 3)]
    [InlineData(3, 9.9, 3)]
    [InlineData(3, 10, 2)]
    [InlineData(3, 29.9, 1)]
    [InlineData(3, 30, 0)]
    [InlineData(3, 1e9, 0)]
    [InlineData(0, 1e9, 0)]
    public void Ejections_AreForgivenOneForEachBaseTime(int times, double stayed, int left) => Assert.Equal(
        left, EjectionRules.Forgive(times, TimeSpan.FromSeconds(stayed), TimeSpan.FromSeconds(10)));

    /// <summary>Letters: u is up, d down by its probe, e ejected, x drained, U and D backups that are up or
    /// down.</summary>
    [Theory]
    [InlineData("u", 50, false)]
    [InlineData("uu", 50, true)]
    [InlineData("uu", 49, false)]
    [InlineData("ue", 50, false)]
    [InlineData("ue", 100, false)]
    [InlineData("uue", 50, false)]
    [InlineData("uuue", 50, true)]
    [InlineData("uuee", 50, false)]
    [InlineData("uuee", 75, true)]
    [InlineData("uddd", 50, false)]
    [InlineData("uudd", 50, true)]
    [InlineData("uxxx", 50, false)]
    [InlineData("uu", 0, false)]
    [InlineData("uU", 50, true)]
    [InlineData("uD", 50, false)]
    [InlineData("dUU", 50, true)]
    [InlineData("dU", 50, false)]
    public void Ejection_IsAllowed_WithinTheShareAndNeverOfTheLastThatMayBeUsed(string pool, int percent, bool may) =>
        Assert.Equal(may, EjectionRules.MayEject(Pool(pool, percent)));

    [Theory]
    [InlineData(false, 9.9, false)]
    [InlineData(false, 10, true)]
    [InlineData(true, 0, true)]
    public void Return_IsAllowed_OnceItsTimeIsOver_OrWhereNoConnectionCouldBeMade(
        bool couldNotConnect, double now, bool may) => Assert.Equal(may, EjectionRules.MayReturn(
            new Ejection(TimeSpan.FromSeconds(10), couldNotConnect), TimeSpan.FromSeconds(now)));

    private static PoolSnapshot Pool(string letters, int percent)
    {
        var all = letters.Select((letter, i) => new Backend(
            Sample.BackendOptions($"http://127.0.0.1:{9001 + i}") with { IsBackup = char.IsUpper(letter) }, i));
        var statuses = letters.Select(letter => new BackendStatus(letter is not ('d' or 'D'), 1)
        {
            Ejection = letter == 'e' ? new Ejection(TimeSpan.MaxValue, false) : null,
            Mode = letter == 'x' ? BackendMode.Draining : BackendMode.Enabled,
        });
        var options = Sample.PoolOptions() with { Ejection = new EjectionOptions { MaxPercent = percent } };
        return new PoolSnapshot(options, [.. all], [.. statuses]);
    }
}
