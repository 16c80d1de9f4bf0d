using MiniLB.BackgroundLoops.Supervision;

namespace MiniLB.Tests.BackgroundLoops.Supervision;

public sealed class StatusRulesTests
{
    [Fact]
    public void Text_SaysWhatAnOperatorAsksFirst()
    {
        var world = Sample.World(1, 1, 1);
        Assert.Equal("serving; 3 of 3 backends up", StatusRules.Text(world, isStopping: false));

        world.SetUp(world.Current.DefaultPool.All[0], up: false);
        Assert.Equal("serving; 2 of 3 backends up", StatusRules.Text(world, isStopping: false));

        world.Statistics.Reloads.Note(["minilb.yaml:1:1 wrong", "minilb.yaml:2:1 wrong"]);
        Assert.Equal(
            "serving; 2 of 3 backends up; the changed configuration is not in effect, errors: 2",
            StatusRules.Text(world, isStopping: false));
        Assert.Equal("stopping; requests in flight: 0, connections: 0", StatusRules.Text(world, isStopping: true));
    }
}
