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
        var problem = Admission.Refuse(method, null, 0);

        Assert.NotNull(problem);
        Assert.Equal((405, closes), (problem.Status, problem.Closes));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PATCH")]
    [InlineData("PROPFIND")]
    [InlineData("INVENTED")]
    public void OtherMethods_GoOn(string method) => Assert.Null(Admission.Refuse(method, null, 0));

    [Theory]
    [InlineData(null, 10, 0)]
    [InlineData(10L, 10, 0)]
    [InlineData(11L, 0, 0)]
    [InlineData(11L, 10, 413)]
    public void AnnouncedBody_OverTheLimit_IsRefusedBeforeABackendIsAsked(long? announced, long most, int status) =>
        Assert.Equal(status, Admission.Refuse("PUT", announced, most)?.Status ?? 0);
}
