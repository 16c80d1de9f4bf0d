using MiniLB.RequestPath.Balance;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Samples;

public sealed class StickToFirstStrategyTests
{
    [Fact]
    public void First_IsPickedWhileItIsUp_AndThenTheNext()
    {
        var strategy = new StickToFirstStrategy();
        var world = Sample.World(strategy, 1, 1, 1);
        var all = world.Current.DefaultPool.All;

        Assert.Same(all[0], strategy.Pick(world.Current.DefaultPool, default));
        world.SetUp(all[0], up: false);
        Assert.Same(all[1], strategy.Pick(world.Current.DefaultPool, default));
        var failedOver = new PickRequest(default(BackendSet).With(all[1]), 0);
        Assert.Same(all[2], strategy.Pick(world.Current.DefaultPool, failedOver));
    }

    [Fact]
    public void Document_ShowsTheVerySample()
    {
        var root = ProgramUnderTest.Metadata("SourceFolder");
        var sample = File.ReadAllText(Path.Combine(root, "MiniLB.Tests/Samples/StickToFirstStrategy.cs"))
            .Replace("namespace MiniLB.Tests.Samples;", "namespace MiniLB.RequestPath.Balance;",
                StringComparison.Ordinal)
            .Replace("using MiniLB.RequestPath.Balance;\n", "", StringComparison.Ordinal);

        Assert.Contains(sample, File.ReadAllText(Path.Combine(root, "docs/extending.md")), StringComparison.Ordinal);
    }
}
