using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class RecentTests
{
    [Fact]
    public void Newest_AreTheLastOnes_NewestFirst()
    {
        var ring = new Recent<string>(3);
        Assert.Empty(ring.Newest());

        foreach (var item in new[] { "a", "b", "c", "d", "e" })
        {
            ring.Add(item);
        }

        Assert.Equal(["e", "d", "c"], ring.Newest());
    }

    [Fact]
    public void AddedByManyThreads_HoldsAsManyAsItMay()
    {
        var ring = new Recent<string>(100);

        Parallel.For(0, 10_000, i => ring.Add($"{i}"));

        Assert.Equal(100, ring.Newest().Distinct().Count());
    }
}
