using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>A request that a healthy backend can serve does not fail because another one is dead.</summary>
public sealed class FailoverJourney
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task DeadBackend_AnyMethod_IsServedByTheOther(string method)
    {
        await using var alive = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", DeadUrl(), "--backend", alive.Url,
            "--set", "pools.default.healthCheck.enabled=false");
        using var client = new HttpClient();

        for (var i = 0; i < 10; i++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), program.Url);
            request.Content = method == "POST" ? new StringContent("a body") : null;
            using var response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(10, alive.Requests);
    }

    [Fact]
    public async Task NoBackendLeft_IsAnswered503WithProblemAndRetryAfter()
    {
        await using var program = await RunningProgram.BalanceAsync("--backend", DeadUrl(), "--backend", DeadUrl());
        using var client = new HttpClient();

        using var response = await client.GetAsync(program.Url);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter!.Delta);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("urn:minilb:problem:no-backend-available", problem.RootElement.GetProperty("type").GetString());
        Assert.Equal(503, problem.RootElement.GetProperty("status").GetInt32());
        Assert.Equal(32, problem.RootElement.GetProperty("requestId").GetString()!.Length);
    }

    [Fact]
    public async Task NameWithSeveralAddresses_OnlyIPv4Listens_IsReached()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync("--backend", $"http://localhost:{backend.Port}");
        using var client = new HttpClient();

        Assert.Equal("hello", await client.GetStringAsync(program.Url));
    }

    /// <summary>A port on which nothing listens: it was bound a moment ago, so nobody else has it.</summary>
    internal static string DeadUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
