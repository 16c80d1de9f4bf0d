using MiniLB.RequestPath.Balance;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class BackendSetTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(1_000)]
    public void Backend_AtAnyPosition_IsContainedOnceAddedAndItsNeighboursAreNot(int index)
    {
        Assert.True(default(BackendSet).IsEmpty);

        var backend = Sample.Backend(index: index);
        var set = default(BackendSet).With(backend);

        Assert.False(set.IsEmpty);
        Assert.True(set.Contains(backend));
        Assert.False(set.Contains(Sample.Backend(index: index + 1)));
        Assert.False(set.Contains(Sample.Backend(index: index + 64)));
        Assert.False(index > 0 && set.Contains(Sample.Backend(index: index - 1)));
        Assert.False(index >= 64 && set.Contains(Sample.Backend(index: index - 64)));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(100, 200)]
    [InlineData(200, 100)]
    [InlineData(1, 100)]
    public void Addition_LeavesTheSetThatItWasMadeFrom(int first, int second)
    {
        var one = default(BackendSet).With(Sample.Backend(index: first));

        var both = one.With(Sample.Backend(index: second));

        Assert.True(both.Contains(Sample.Backend(index: first)));
        Assert.True(both.Contains(Sample.Backend(index: second)));
        Assert.False(one.Contains(Sample.Backend(index: second)));
    }
}
