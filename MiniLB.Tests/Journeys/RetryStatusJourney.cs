using System.Net;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>Answers of the listed statuses are thrown away while there is somewhere else to go, and only
/// then.</summary>
public sealed class RetryStatusJourney
{
    [Theory]
    [InlineData("GET", false, 200, 503)]
    [InlineData("PUT", false, 200, 503)]
    [InlineData("POST", true, 200, 503)]
    [InlineData("POST", false, 503, 503)]
    public async Task ListedStatus_GoesToTheOtherBackend_WhereTheRequestMayBeRepeated(
        string method, bool hasKey, int expected, int status)
    {
        await using var busy = await StartAsync(status);
        await using var idle = await TestBackend.StartAsync("hello");
        await using var program = await BalanceAsync("--backend", busy.Url, "--backend", idle.Url);
        using var client = new HttpClient();
        var statuses = new List<int>();

        for (var i = 0; i < 4; i++)
        {
            statuses.Add(await AskAsync(client, method, program.Url, hasKey));
        }

        Assert.Equal(2, busy.Requests);
        Assert.Equal(expected == 200 ? 4 : 2, idle.Requests);
        Assert.Equal(expected == 200 ? 4 : 2, statuses.Count(s => s == 200));
        Assert.Equal(expected == 200 ? 0 : 2, statuses.Count(s => s == expected && s != 200));
    }

    [Fact]
    public async Task LastAnswer_IsPassedOnAsItIs()
    {
        await using var a = await StartAsync(503);
        await using var b = await StartAsync(503);
        await using var program = await BalanceAsync("--backend", a.Url, "--backend", b.Url);
        using var client = new HttpClient();

        using var response = await client.GetAsync(program.Url);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("busy", await response.Content.ReadAsStringAsync());
        Assert.Equal(2, a.Requests + b.Requests);
    }

    [Fact]
    public async Task StatusThatIsNotListed_IsTheClients()
    {
        await using var a = await StartAsync(500);
        await using var b = await StartAsync(500);
        await using var program = await BalanceAsync("--backend", a.Url, "--backend", b.Url);
        using var client = new HttpClient();

        Assert.Equal(500, await AskAsync(client, "GET", program.Url, hasKey: false));
        Assert.Equal(1, a.Requests + b.Requests);
    }

    private static Task<RunningProgram> BalanceAsync(params string[] arguments) => RunningProgram.BalanceAsync(
    [
        .. arguments, "--set", "pools.default.retry.statuses=502-503",
        "--set", "pools.default.ejection.enabled=false",
    ]);

    private static Task<TestBackend> StartAsync(int status) => TestBackend.StartAsync(context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync("busy");
    });

    private static async Task<int> AskAsync(HttpClient client, string method, Uri url, bool hasKey)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), url);
        request.Content = method == "GET" ? null : new StringContent("some body");
        if (hasKey)
        {
            request.Headers.Add("Idempotency-Key", "\"a\"");
        }

        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }
}
