using System.Text;
using MiniLB.RequestPath.Forward;
using MiniLB.Wire;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class HeaderRulesTests
{
    [Theory]
    [InlineData("Connection", true)]
    [InlineData("connection", true)]
    [InlineData("KEEP-ALIVE", true)]
    [InlineData("Proxy-Connection", true)]
    [InlineData("Transfer-Encoding", true)]
    [InlineData("TE", true)]
    [InlineData("Trailer", false)]
    [InlineData("Upgrade", true)]
    [InlineData("HTTP2-Settings", true)]
    [InlineData("Proxy-Authenticate", true)]
    [InlineData("Proxy-Authorization", true)]
    [InlineData("Authorization", false)]
    [InlineData("WWW-Authenticate", false)]
    [InlineData("Content-Length", false)]
    [InlineData("Transfer_Encoding", false)]
    [InlineData("Trailers", false)]
    [InlineData("Host", false)]
    [InlineData("X", false)]
    [InlineData("", false)]
    public void Field_EndsAtTheNextHop_WhereRfc9110SaysSo(string name, bool ends) =>
        Assert.Equal(ends, HeaderRules.EndsHere(Id(name)));

    [Theory]
    [InlineData("X-Forwarded-For", true)]
    [InlineData("x-forwarded-for", true)]
    [InlineData("X_Forwarded_For", true)]
    [InlineData("X-Forwarded_Proto", true)]
    [InlineData("X-Forwarded-Anything", true)]
    [InlineData("X-Real-IP", true)]
    [InlineData("x_real_ip", true)]
    [InlineData("Forwarded", true)]
    [InlineData("FORWARDED", true)]
    [InlineData("X-Request-Id", true)]
    [InlineData("X_Request_ID", true)]
    [InlineData("X-Forwarder", false)]
    [InlineData("XX-Forwarded-For", false)]
    [InlineData("X.Forwarded.For", false)]
    [InlineData("X-Request-Ids", false)]
    [InlineData("X-Requested-With", false)]
    [InlineData("Forward-To", false)]
    [InlineData("Via", false)]
    [InlineData("", false)]
    public void Field_IsForATrustedProxyAlone_WhereItSpeaksAboutTheClient(string name, bool forwarding) =>
        Assert.Equal(
            forwarding, Id(name) != FieldId.Via && HeaderRules.IsReplaced(Id(name), TestExchange.From("192.0.2.1")));

    [Theory]
    [InlineData("close, X-Secret", "X-Secret", true)]
    [InlineData("close,x-secret", "X-Secret", true)]
    [InlineData("\tX-Secret \t, close", "X-Secret", true)]
    [InlineData("X-Secret-Too", "X-Secret", false)]
    [InlineData("Secret", "X-Secret", false)]
    [InlineData("", "X-Secret", false)]
    [InlineData(",,", "X-Secret", false)]
    public void Field_NamedByConnection_EndsHere(string connection, string name, bool named)
    {
        var fields = Fields(("Connection", connection), (name, "1"));

        HeaderRules.Hold(fields);

        Assert.Equal(named, !fields[1].Passes);
    }

    [Fact]
    public void Field_NamedByALaterLineOfConnection_EndsHere()
    {
        var fields = Fields(("x-secret", "1"), ("Connection", "close"), ("Connection", "X-Secret"));

        HeaderRules.Hold(fields);

        Assert.False(fields[0].Passes);
    }

    [Theory]
    [InlineData("Host")]
    [InlineData("content-length")]
    public void Field_ThatMakesTheMessage_CannotBeTakenAway(string name)
    {
        var fields = Fields((name, "1"), ("Connection", name));

        HeaderRules.Hold(fields);

        Assert.True(fields[0].Passes);
    }

    private static FieldId Id(string name) => FieldNames.Identify(Encoding.ASCII.GetBytes(name));

    private static FieldList Fields(params (string Name, string Value)[] lines)
    {
        var fields = new FieldList();
        foreach (var (name, value) in lines)
        {
            fields.Add(Encoding.ASCII.GetBytes(name), value);
        }

        return fields;
    }
}
