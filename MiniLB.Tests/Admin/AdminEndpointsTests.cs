using System.Text;
using MiniLB.Admin;
using MiniLB.State;

namespace MiniLB.Tests.Admin;

public sealed class AdminEndpointsTests
{
    [Fact]
    public void Readiness_FollowsStartAndStopAlone()
    {
        var lifecycle = new Lifecycle();
        Assert.Equal(503, Answer("/readyz", lifecycle)!.Status);

        lifecycle.BecomeReady();
        Assert.Equal(200, Answer("/readyz", lifecycle)!.Status);

        lifecycle.BecomeUnready();
        Assert.Equal(503, Answer("/readyz", lifecycle)!.Status);
        Assert.Equal(200, Answer("/livez", lifecycle)!.Status);
    }

    [Fact]
    public void Health_OnTheAdminAddress_ListsTheBackends() => Assert.Contains("\"backends\":[{",
        Encoding.UTF8.GetString(Answer("/health?a=b", new Lifecycle())!.Body), StringComparison.Ordinal);

    [Theory]
    [InlineData("/")]
    [InlineData("/livez/")]
    [InlineData("/Livez")]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("/nothing")]
    public void OtherPath_IsNothing(string target) => Assert.Null(Answer(target, new Lifecycle()));

    private static OwnAnswer? Answer(string target, Lifecycle lifecycle) =>
        AdminEndpoints.Answer(target, Sample.World(1).Current, lifecycle);
}
