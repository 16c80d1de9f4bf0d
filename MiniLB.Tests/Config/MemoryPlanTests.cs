using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.Tests.Config;

public sealed class MemoryPlanTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(8, 16, 16)]
    [InlineData(24, 213, 40)]
    [InlineData(32, 384, 72)]
    [InlineData(64, 1066, 200)]
    [InlineData(256, 5162, 1936)]
    [InlineData(1024, 21546, 8080)]
    public void Limit_BoundsWhatClientsMayHave(long mebibytes, int connections, int inFlight)
    {
        var plan = new MemoryPlan(mebibytes * 1024 * 1024);

        Assert.Equal((connections, inFlight), (plan.Connections(new()), plan.InFlight(new())));
    }

    [Fact]
    public void Limit_OfTheOperator_IsObeyed()
    {
        var (plan, limits) = (new MemoryPlan(32 << 20), new LimitOptions { Connections = 5000, InFlight = 3 });

        Assert.Equal((5000, 3, 1), (plan.Connections(limits), plan.InFlight(limits), plan.OfHttp2(limits)));
    }

    [Theory]
    [InlineData(0, 1, 100)]
    [InlineData(32, 24, 10)]
    [InlineData(256, 4, 100)]
    public void Http2_CountsForMore(long mebibytes, int connections, int streams)
    {
        var plan = new MemoryPlan(mebibytes * 1024 * 1024);

        Assert.Equal((connections, streams), (plan.OfHttp2(new()), plan.Http2Streams(new())));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(32, true)]
    [InlineData(127, true)]
    [InlineData(128, false)]
    public void Buffers_AreSmall_WhereMemoryIs(long mebibytes, bool small)
    {
        var (plan, whole) = (new MemoryPlan(mebibytes * 1024 * 1024), new MemoryPlan(0));

        Assert.Equal(small, plan.LargeBuffer < whole.LargeBuffer);
        Assert.Equal(small, plan.RequestBuffer < whole.RequestBuffer);
        Assert.Equal(small, plan.AnswerBuffer < whole.AnswerBuffer);
        Assert.Equal(small, plan.LogLines < whole.LogLines);
        Assert.Equal(small, plan.Windows.Connection < whole.Windows.Connection);
    }
}
