using MiniLB.RequestPath.Admit;

namespace MiniLB.Tests.RequestPath.Admit;

public sealed class AdmissionTests
{
    /// <summary>In any case: SocketsHttpHandler writes known methods in capitals.</summary>
    [Theory]
    [InlineData("CONNECT", true)]
    [InlineData("connect", true)]
    [InlineData("Connect", true)]
    [InlineData("TRACE", false)]
    [InlineData("trace", false)]
    public void ConnectAndTrace_AreRefusedWith405_AndConnectClosesTheConnection(string method, bool closes)
    {
        var problem = Admission.Refuse(method, null, 0, isRouted: false);

        Assert.NotNull(problem);
        Assert.Equal((405, closes), (problem.Status, problem.Closes));
    }

    [Fact]
    public void Trace_IsUpToTheRoutes_WhereThereAreAny()
    {
        Assert.Null(Admission.Refuse("TRACE", null, 0, isRouted: true));
        Assert.Equal(405, Admission.Refuse("trace", null, 0, isRouted: true)!.Status);
        Assert.Equal(405, Admission.Refuse("CONNECT", null, 0, isRouted: true)!.Status);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PATCH")]
    [InlineData("PROPFIND")]
    [InlineData("INVENTED")]
    public void OtherMethods_GoOn(string method) => Assert.Null(Admission.Refuse(method, null, 0, isRouted: false));

    [Theory]
    [InlineData(null, 10, 0)]
    [InlineData(10L, 10, 0)]
    [InlineData(11L, 0, 0)]
    [InlineData(11L, 10, 413)]
    public void AnnouncedBody_OverTheLimit_IsRefusedBeforeABackendIsAsked(long? announced, long most, int status) =>
        Assert.Equal(status, Admission.Refuse("PUT", announced, most, isRouted: false)?.Status ?? 0);
}
