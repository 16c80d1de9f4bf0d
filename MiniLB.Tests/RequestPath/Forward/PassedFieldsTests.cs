using System.Text;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Forward;
using MiniLB.Tests.Wire;
using MiniLB.Transport;

namespace MiniLB.Tests.RequestPath.Forward;

/// <summary>What a client or a backend says about its own connection does not touch what rules add.</summary>
public sealed class PassedFieldsTests
{
    private static readonly HeaderRuleOptions Env = new([new("X-Env", "prod")], [new("X-Added", "1")], ["X-Gone"]);

    [Theory]
    [InlineData("Connection: x-added, X-Env")]
    [InlineData("Connection: x-added|X-Added: mine|Connection: x-env|x-env: mine")]
    [InlineData("X-Env: mine|X-Gone: mine")]
    public void ClientsConnectionField_CannotStripWhatARuleAdds(string lines)
    {
        var request = new ForwardedRequest(
            $"GET / HTTP/1.1|Host: a|{lines}", headers: new HeaderOptions { Request = Env });

        Assert.Equal("Host=a X-Env=prod X-Added=1", Heads.Passing(request.Exchange.RequestFields));
    }

    [Fact]
    public void BackendsConnectionField_CannotStripWhatARuleAdds()
    {
        var request = new ForwardedRequest("GET / HTTP/1.1|Host: a", headers: new HeaderOptions { Response = Env });
        request.Answer("HTTP/1.1 200 OK|Connection: X-Env, X-Added|X-Env: x|X-Gone: x|Content-Length: 0");

        Assert.True(PassedFields.TryPrepareAnswer(request.Exchange));

        Assert.Equal("Content-Length=0 X-Env=prod X-Added=1", Heads.Passing(request.Exchange.Answer.Fields));
    }

    [Fact]
    public void SessionCookie_StaysWhereThoseOfTheBackendAreRemoved()
    {
        var rules = new HeaderRuleOptions([], [], ["Set-Cookie"]);
        var request = new ForwardedRequest("GET / HTTP/1.1|Host: a", headers: new HeaderOptions { Response = rules });
        request.Answer("HTTP/1.1 200 OK|Set-Cookie: a=1|Content-Length: 0");
        request.Exchange.SessionCookie = "minilb=x";

        Assert.True(PassedFields.TryPrepareAnswer(request.Exchange));

        Assert.Equal("Content-Length=0 Set-Cookie=minilb=x", Heads.Passing(request.Exchange.Answer.Fields));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1|Host: a", "a")]
    [InlineData("GET / HTTP/1.0", "")]
    [InlineData("GET http://b/ HTTP/1.0", "b")]
    public void Host_IsReplacedTowardsTheBackend_AndStaysTheClientsElsewhere(string head, string client)
    {
        var rules = new HeaderRuleOptions([new("Host", "site.example")], [], []);
        var request = new ForwardedRequest(head, headers: new HeaderOptions { Request = rules });

        Assert.Equal(["Host: site.example"],
            Written(request).Split("\r\n").Where(l => l.StartsWith("Host:", StringComparison.Ordinal)));
        Assert.Equal(client, request.Exchange.Host);
        Assert.Contains("\r\nX-Forwarded-Host: a\r\n", Written(request), StringComparison.Ordinal);
    }

    // Only a trusted proxy may send these, and so may the operator.
    [Fact]
    public void FieldForTrustedProxies_ThatARuleSets_IsPassedOn()
    {
        var rules = new HeaderRuleOptions([new("X-Forwarded-Port", "443")], [], []);
        var request = new ForwardedRequest(
            "GET / HTTP/1.1|Host: a|X-Forwarded-Port: 6|X-Real-IP: 6", headers: new HeaderOptions { Request = rules });

        Assert.Contains("\r\nX-Forwarded-Port: 443\r\n", Written(request), StringComparison.Ordinal);
        Assert.DoesNotContain(": 6\r\n", Written(request), StringComparison.Ordinal);
    }

    [Fact]
    public void NextRequestOfTheConnection_BeginsWithoutTheChangesOfTheLast()
    {
        var rules = new HeaderRuleOptions([new("Host", "site.example")], [], []);
        var request = new ForwardedRequest("GET / HTTP/1.1|Host: a", headers: new HeaderOptions { Request = rules });

        request.Exchange.Begin(request.Exchange.World, Heads.Limits);

        Assert.Null(request.Exchange.HostOverride);
        Assert.Null(request.Exchange.Hooked);
    }

    private static string Written(ForwardedRequest request)
    {
        var to = new SendBuffer();
        RequestHeadWriter.Write(request.Exchange, Sample.Backend(), to);
        return Encoding.Latin1.GetString(to.Written.Span);
    }
}
