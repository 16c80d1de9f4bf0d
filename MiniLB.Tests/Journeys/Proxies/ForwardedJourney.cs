using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Http2.Backends;

namespace MiniLB.Tests.Journeys.Proxies;

/// <summary>What backends are told of the client is ours, in either version on either side: nothing of what a stranger
/// says of itself arrives.</summary>
public sealed class ForwardedJourney
{
    private static readonly (string Name, string Value)[] Claims =
    [
        ("X-Forwarded-For", "6.6.6.6"), ("X_Forwarded_For", "6.6.6.6"), ("x-forwarded_proto", "6.6.6.6"),
        ("X-Forwarded-Host", "6.6.6.6"), ("X-Forwarded-Port", "6.6.6.6"), ("X_FORWARDED_PREFIX", "6.6.6.6"),
        ("X-Real-IP", "6.6.6.6"), ("X_Real-Ip", "6.6.6.6"), ("Forwarded", "for=6.6.6.6;proto=https"),
        ("FORWARDED", "for=6.6.6.6"), ("X_Request_Id", "6.6.6.6"),
    ];

    [Theory]
    [InlineData("1.1", "1.1", true)]
    [InlineData("2.0", "1.1", true)]
    [InlineData("1.1", "2", true)]
    [InlineData("2.0", "2", true)]
    [InlineData("1.1", "1.1", false)]
    [InlineData("2.0", "2", false)]
    public async Task ClaimOfAStranger_DoesNotArrive(string version, string http, bool forwarded)
    {
        var received = await SendAsync(version, http, [$"headers.forwarded={(forwarded ? "true" : "false")}"]);

        Assert.DoesNotContain(received.Values, v => v.Contains("6.6.6.6", StringComparison.Ordinal));
        Assert.Equal("127.0.0.1", received["X-Forwarded-For"]);
        Assert.Equal(
            forwarded ? "for=127.0.0.1;host=\"own.test:81\";proto=http" : null,
            received.GetValueOrDefault("Forwarded"));
    }

    [Theory]
    [InlineData("1.1", "1.1")]
    [InlineData("2.0", "1.1")]
    [InlineData("1.1", "2")]
    [InlineData("2.0", "2")]
    public async Task ClaimOfATrustedProxy_IsAppendedTo(string version, string http)
    {
        var received = await SendAsync(version, http, ["headers.forwarded=true", "trustedProxies.0=127.0.0.1"]);

        Assert.Equal("for=6.6.6.6;proto=https, for=6.6.6.6, for=127.0.0.1;host=\"own.test:81\";proto=http",
            received["Forwarded"]);
        Assert.Equal("6.6.6.6, 127.0.0.1", received["X-Forwarded-For"]);
        Assert.Equal("6.6.6.6", received["X-Real-IP"]);
    }

    /// <summary>The fields that the backend received.</summary>
    private static async Task<Dictionary<string, string>> SendAsync(string version, string http, string[] settings)
    {
        var received = new ConcurrentQueue<Dictionary<string, string>>();
        Task AnswerAsync(HttpContext context)
        {
            received.Enqueue(context.Request.Headers.ToDictionary(
                h => h.Key, h => h.Value.ToString().Replace(",for", ", for", StringComparison.Ordinal),
                StringComparer.OrdinalIgnoreCase));
            return context.Response.WriteAsync("ok");
        }

        await using var older = await TestBackend.StartAsync(AnswerAsync);
        await using var newer = await KestrelBackend.StartAsync(AnswerAsync);
        await using var program = await RunningProgram.BalanceAsync([
            "--backend", http == "2" ? newer.Url : older.Url, "--set", $"pools.default.http={http}",
            .. settings.SelectMany(s => new[] { "--set", s })]);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, program.Url)
        {
            Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Host = "own.test:81";
        foreach (var (name, value) in Claims)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request);
        Assert.Equal("ok", await response.Content.ReadAsStringAsync());
        return Assert.Single(received);
    }
}
