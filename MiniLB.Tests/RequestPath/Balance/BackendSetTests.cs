using MiniLB.RequestPath.Balance;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class TriedBackendsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(1_000)]
    public void Backend_AtAnyPosition_IsContainedOnceAddedAndItsNeighboursAreNot(int index)
    {
        var tried = default(TriedBackends);
        Assert.True(tried.IsEmpty);

        var backend = Sample.Backend(index: index);
        tried.Add(backend);

        Assert.False(tried.IsEmpty);
        Assert.True(tried.Contains(backend));
        Assert.False(tried.Contains(Sample.Backend(index: index + 1)));
        Assert.False(tried.Contains(Sample.Backend(index: index + 64)));
        Assert.False(index > 0 && tried.Contains(Sample.Backend(index: index - 1)));
    }
}
