using System.Net;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Limits;

/// <summary>The lists of addresses hold for everything on the listeners, by the address of the client.</summary>
public sealed class AccessJourney
{
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task DeniedClient_BehindATrustedProxy_Is403Everywhere_AndTheProxysOthersAreServed(string version)
    {
        await using var limited = await LimitedProgram.StartAsync("""
            "trustedProxies": ["127.0.0.1"], "access": {"deny": ["203.0.113.0/24"]}
            """);
        using var client = LimitedProgram.Client(version);

        foreach (var path in (string[])["/", "/health", "/other"])
        {
            using var refused = await AskAsync(client, limited, path, "203.0.113.7");
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Contains(
                "\"urn:minilb:problem:access-denied\"", await refused.Content.ReadAsStringAsync(),
                StringComparison.Ordinal);
            using var served = await AskAsync(client, limited, path, "203.0.114.7");
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }

        Assert.Equal(2, limited.Backend.Requests);
        await limited.HasRefusedAsync("access=3");
    }

    [Fact]
    public async Task ClaimOfAClientThatIsNoProxy_ChangesNothing()
    {
        await using var limited = await LimitedProgram.StartAsync("\"access\": {\"allow\": [\"203.0.113.0/24\"]}");

        Assert.Equal("403", await limited.AskAsync("/", "X-Forwarded-For: 203.0.113.7"));
    }

    [Fact]
    public async Task AllowedAlone_AreServed_AndTheAdminAddressAndUnixSocketsAreNoMatterOfTheLists()
    {
        await using var limited = await LimitedProgram.StartAsync("""
            "access": {"allow": ["127.0.0.2", "192.0.2.0/24"]}
            """);
        await using var allowed = await limited.ConnectFromAsync("127.0.0.2");
        await using var socket = await RawConnection.OpenUnixAsync(limited.Socket);

        Assert.Equal("403", await limited.AskAsync("/"));
        Assert.Equal("200", await LimitedProgram.AskAsync(allowed, "/"));
        Assert.Equal("200", await LimitedProgram.AskAsync(socket, "/"));
        await limited.HasRefusedAsync("access=1");
    }

    [Fact]
    public async Task Reload_ChangesWhoMayComeIn_OnOpenConnectionsToo()
    {
        await using var limited = await LimitedProgram.StartAsync("\"access\": {}");
        await using var client = await RawConnection.OpenAsync(limited.Program.Url);

        Assert.Equal("200", await LimitedProgram.AskAsync(client, "/health"));
        await limited.ReloadAsync("\"access\": {\"deny\": [\"127.0.0.0/8\"]}");
        Assert.Equal("403", await LimitedProgram.AskAsync(client, "/health"));
        await limited.ReloadAsync("\"access\": {\"deny\": []}");
        Assert.Equal("200", await LimitedProgram.AskAsync(client, "/health"));
    }

    private static Task<HttpResponseMessage> AskAsync(
        HttpClient client, LimitedProgram limited, string path, string address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(limited.Program.Url, path))
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
        };
        request.Headers.Add("X-Forwarded-For", address);
        return client.SendAsync(request);
    }
}
