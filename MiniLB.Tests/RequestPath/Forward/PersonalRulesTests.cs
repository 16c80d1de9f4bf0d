using MiniLB.RequestPath.Forward;
using MiniLB.Tests.Wire;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class PersonalRulesTests
{
    [Theory]
    [InlineData("Authorization", "NTLM abc", true)]
    [InlineData("authorization", "negotiate abc", true)]
    [InlineData("Authorization", "Basic abc", false)]
    [InlineData("Authorization", "NTLMv2 abc", false)]
    [InlineData("Authorization", "", false)]
    [InlineData("WWW-Authenticate", "NTLM", false)]
    public void Request_MakesAConnectionPersonal_WhereItsSchemeVouchesForConnections(
        string name, string value, bool personal) =>
        Assert.Equal(personal, PersonalRules.MakesPersonal(Heads.Fields((name, value)), Heads.Fields()));

    [Theory]
    [InlineData("NTLM", true)]
    [InlineData("Negotiate, Basic", true)]
    [InlineData("Basic realm=\"NTLM\"", false)]
    [InlineData("Bearer", false)]
    public void Response_MakesAConnectionPersonal_WhereItAsksForSuchAScheme(string value, bool personal)
    {
        var answer = Heads.Fields(("WWW-Authenticate", "Basic realm=a"), ("www-authenticate", value));

        Assert.Equal(personal, PersonalRules.MakesPersonal(Heads.Fields(), answer));
    }

    [Fact]
    public void LaterLine_CountsToo() => Assert.True(PersonalRules.MakesPersonal(
        Heads.Fields(("Authorization", "Basic a"), ("Authorization", "NTLM b")), Heads.Fields()));
}
