using MiniLB.RequestPath.Forward;
using MiniLB.Tests.Wire;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class TrailerRulesTests
{
    [Theory]
    [InlineData("grpc-status", true)]
    [InlineData("X-Checksum", true)]
    [InlineData("Server-Timing", true)]
    [InlineData("ETag", true)]
    [InlineData("Contents", true)]
    [InlineData("Iffy", true)]
    [InlineData("Content-Length", false)]
    [InlineData("content-encoding", false)]
    [InlineData("CONTENT-RANGE", false)]
    [InlineData("Transfer-Encoding", false)]
    [InlineData("Host", false)]
    [InlineData("Authorization", false)]
    [InlineData("Proxy-Authorization", false)]
    [InlineData("WWW-Authenticate", false)]
    [InlineData("Set-Cookie", false)]
    [InlineData("Cookie", false)]
    [InlineData("Connection", false)]
    [InlineData("TE", false)]
    [InlineData("Trailer", false)]
    [InlineData("Expect", false)]
    [InlineData("Max-Forwards", false)]
    [InlineData("If-Match", false)]
    [InlineData("Cache-Control", false)]
    [InlineData("Location", false)]
    [InlineData("Range", false)]
    [InlineData("X-Forwarded-For", false)]
    [InlineData("X_Forwarded_For", false)]
    [InlineData("X_Forwarded_Port", false)]
    [InlineData("X-Real-IP", false)]
    [InlineData("Forwarded", false)]
    [InlineData("X-Request-Id", false)]
    [InlineData("Via", false)]
    public void Field_MayFollowABody_WhereItSaysNothingAboutTheMessage(string name, bool may)
    {
        var trailers = Heads.Fields(("A", "1"), (name, "2"), ("B", "3"));

        TrailerRules.Hold(trailers);

        Assert.Equal(may ? $"A=1 {name}=2 B=3" : "A=1 B=3", Heads.Passing(trailers));
    }
}
