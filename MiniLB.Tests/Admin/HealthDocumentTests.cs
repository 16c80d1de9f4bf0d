using System.Text;
using MiniLB.Admin;
using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.Tests.Admin;

public sealed class HealthDocumentTests
{
    [Fact]
    public void Document_OfTwoBackendsUp_IsExactlyTheContracts() => Assert.Equal(
        """{"total":2,"alive":2,"dead":0,"backends":[{"url":"http://localhost:8081","alive":true},"""
        + """{"url":"http://localhost:8082","alive":true}]}""",
        Json(HealthDocument.Answer(
            World("http://localhost:8081", "http://localhost:8082").Current, withBackends: true)));

    [Fact]
    public void Document_OfOneBackendDown_SaysWhichAndIsStill200()
    {
        var world = World("http://localhost:8081", "http://LOCALHOST:8082/");
        world.SetUp(world.Current.DefaultPool.All[0], up: false);

        var answer = HealthDocument.Answer(world.Current, withBackends: true);

        Assert.Equal((200, "application/json"), (answer.Status, answer.ContentType));
        Assert.Equal(
            """{"total":2,"alive":1,"dead":1,"backends":[{"url":"http://localhost:8081","alive":false},"""
            + """{"url":"http://LOCALHOST:8082/","alive":true}]}""", Json(answer));
    }

    [Fact]
    public void Document_OfNoBackendUp_Is503()
    {
        var world = World("http://localhost:8081");
        world.SetUp(world.Current.DefaultPool.All[0], up: false);

        var answer = HealthDocument.Answer(world.Current, withBackends: false);

        Assert.Equal(503, answer.Status);
        Assert.Equal("""{"total":1,"alive":0,"dead":1}""", Json(answer));
    }

    private static string Json(OwnAnswer answer) => Encoding.UTF8.GetString(answer.Body);

    private static World World(params string[] urls) => new(new BalancerOptions
    {
        Pools = [Sample.PoolOptions([.. urls.Select(u => Sample.BackendOptions(u))])],
    });
}
