using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using MiniLB.Admin;
using MiniLB.State;

namespace MiniLB.Tests.Admin;

public sealed class AdminEndpointsTests
{
    private readonly Lifecycle _lifecycle = new();

    [Fact]
    public void Readiness_FollowsStartAndStopAlone()
    {
        Assert.Equal(503, Get("/readyz").Status);

        _lifecycle.BecomeReady();
        Assert.Equal(200, Get("/readyz").Status);

        _lifecycle.BecomeUnready();
        Assert.Equal(503, Get("/readyz").Status);
        Assert.Equal(200, Get("/livez").Status);
    }

    [Fact]
    public void Health_OnTheAdminAddress_ListsTheBackends() => Assert.Contains(
        "\"backends\":[{", Encoding.UTF8.GetString(Get("/health?a=b").Body), StringComparison.Ordinal);

    [Theory]
    [InlineData("/", "GET, HEAD")]
    [InlineData("/?x", "GET, HEAD")]
    [InlineData("/events", "GET, HEAD")]
    [InlineData("/livez", "GET, HEAD")]
    [InlineData("/config", "GET, HEAD")]
    [InlineData("/metrics", "GET, HEAD")]
    [InlineData("/stats?x", "GET, HEAD")]
    [InlineData("/failures", "GET, HEAD")]
    [InlineData("/backends", "GET, HEAD")]
    [InlineData("/backends/default/127.0.0.1:9001?x", "GET, HEAD")]
    [InlineData("/backends/default/http%3A%2F%2F127.0.0.1%3A9001", "GET, HEAD")]
    [InlineData("/backends/p/b/drain", "POST")]
    [InlineData("/backends/p/b/enable", "POST")]
    [InlineData("/backends/p/b/disable", "POST")]
    [InlineData("/backends/p/b/weight", "PUT")]
    public void Path_IsServedByItsMethodsAlone(string target, string allow)
    {
        var route = Endpoints().Find(target)!;

        Assert.Equal(allow, route.Allow);
        string[] all = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "get", "post"];
        Assert.Equal(allow.Split(", "), all.Where(route.Serves));
        Assert.Equal(allow != "GET, HEAD", route.IsCommand);
    }

    [Theory]
    [InlineData("//")]
    [InlineData("/livez/")]
    [InlineData("/Livez")]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("*")]
    [InlineData("/nothing")]
    [InlineData("/backends/")]
    [InlineData("/backends/default")]
    [InlineData("/backends/default/b/drain/")]
    [InlineData("/backends/default/b/Drain")]
    [InlineData("/backends/default/http://127.0.0.1:9001")]
    public void OtherPath_IsNothing(string target) => Assert.Null(Endpoints().Find(target));

    private OwnAnswer Get(string target) =>
        Endpoints().Find(target)!.Answer(new AdminCommand("test", [])).AsTask().Result.Document!;

    private AdminEndpoints Endpoints()
    {
        var world = Sample.World(1);
        var answers = new BackendAnswers(world);
        var events = new EventFeed(world, () => [], TimeProvider.System, NullLogger.Instance);
        return new AdminEndpoints(
            world, _lifecycle, answers, new BackendCommands(world, answers, NullLogger.Instance), events,
            new ReloadCommand(_ => Task.FromResult(new ReloadResult([], [], []))),
            new UpgradeCommand(_ => Task.FromResult(UpgradeResult.By(7)), () => { }));
    }
}
