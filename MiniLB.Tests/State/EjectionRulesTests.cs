using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class EjectionRulesTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(29, 290)]
    [InlineData(30, 300)]
    [InlineData(31, 300)]
    [InlineData(1_000, 300)]
    public void Length_GrowsWithEachTime_UpToFiveMinutes(int times, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), EjectionRules.Length(new EjectionOptions(), times));

    [Theory]
    [InlineData(3, 0, 3)]
    [InlineData(3, 9.9, 3)]
    [InlineData(3, 10, 2)]
    [InlineData(3, 25, 1)]
    [InlineData(3, 1_000, 0)]
    [InlineData(0, 1_000, 0)]
    public void Forgiveness_IsOneForEachBaseTimeInRotation(int times, double stayed, int left) =>
        Assert.Equal(left, EjectionRules.Forgive(times, TimeSpan.FromSeconds(stayed), TimeSpan.FromSeconds(10)));

    [Theory]
    [InlineData(true, 5, true)]
    [InlineData(true, 15, true)]
    [InlineData(false, 9.9, false)]
    [InlineData(false, 10, true)]
    public void Return_IsEarlyOnlyWhereItCouldNotBeReached(bool couldNotConnect, double now, bool may)
    {
        var ejection = new Ejection(TimeSpan.FromSeconds(10), couldNotConnect);

        Assert.Equal(may, EjectionRules.MayReturn(ejection, TimeSpan.FromSeconds(now)));
    }
}
