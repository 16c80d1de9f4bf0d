using System.Net;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>A request that is not safe to repeat reaches a backend at most once, whatever the backend does to
/// it.</summary>
public sealed class DeliveryJourney
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Theory]
    [InlineData("POST", false)]
    [InlineData("PATCH", false)]
    [InlineData("LOCK", false)]
    [InlineData("POST", true)]
    public async Task UnsafeMethod_KeptConnectionsEndWithoutAnAnswer_IsDeliveredOnceAndAnswered502(
        string method, bool withReset)
    {
        await using var a = Dying(withReset);
        await using var b = Dying(withReset);
        await using var program = await RunningProgram.BalanceAsync("--backend", a.Url, "--backend", b.Url);
        using var client = new HttpClient();
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("ok", await client.GetStringAsync(program.Url)); // now each backend has a kept connection
        }

        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(program.Url, "/die"));
        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(1, Deliveries(a) + Deliveries(b));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("PUT")]
    public async Task IdempotentMethod_BackendEndsWithoutAnAnswer_IsRepeatedOnTheOther(string method)
    {
        await using var dying = Dying(withReset: true);
        await using var alive = RawBackend.Answering(Ok);
        await using var program = await RunningProgram.BalanceAsync("--backend", dying.Url, "--backend", alive.Url);
        using var client = new HttpClient();

        for (var i = 0; i < 4; i++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(program.Url, "/die"));
            using var response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(4, Deliveries(alive));
    }

    [Fact]
    public async Task LoneBackend_KeptConnectionEndsUnanswered_IsAskedOnceMoreOnANewConnection()
    {
        var requests = 0;
        await using var backend = new RawBackend(async (connection, _) =>
        {
            // Every second request on a connection finds it closing.
            if (Interlocked.Increment(ref requests) == 2)
            {
                await connection.DisposeAsync();
                return;
            }

            await connection.SendAsync(Ok);
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        using var client = new HttpClient();

        Assert.Equal("ok", await client.GetStringAsync(program.Url));
        Assert.Equal("ok", await client.GetStringAsync(program.Url));
        Assert.Equal(3, requests);
    }

    [Fact]
    public async Task Http10Backend_ThatClosesAfterEachAnswer_FailsNoRequestUnderConcurrency()
    {
        await using var a = new RawBackend(AnswerHttp10);
        await using var b = new RawBackend(AnswerHttp10);
        await using var program = await RunningProgram.BalanceAsync("--backend", a.Url, "--backend", b.Url);
        using var client = new HttpClient();

        await Parallel.ForAsync(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, stop) =>
        {
            using var request = new HttpRequestMessage(i % 2 == 0 ? HttpMethod.Get : HttpMethod.Post, program.Url);
            using var response = await client.SendAsync(request, stop);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        });

        Assert.Equal(2000, a.Heads.Count + b.Heads.Count);
        Assert.InRange(a.Heads.Count, 900, 1100);
    }

    [Fact]
    public async Task PostsWithoutABody_BackendsKilledAgainAndAgain_NoneArrivesTwice()
    {
        await using var a = new RawBackend(AnswerOrDie);
        await using var b = new RawBackend(AnswerOrDie);
        await using var program = await RunningProgram.BalanceAsync("--backend", a.Url, "--backend", b.Url);
        using var client = new HttpClient();

        await Parallel.ForAsync(0, 500, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, stop) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(program.Url, $"/{i}"));
            using var response = await client.SendAsync(request, stop);
            Assert.True(
                response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadGateway, $"{response.StatusCode}");
        });

        var deliveries = a.Heads.Concat(b.Heads).Select(h => h.Split(' ')[1]).ToArray();
        Assert.Equal(deliveries.Length, deliveries.Distinct().Count());
        Assert.Equal(500, deliveries.Length);
    }

    private static async Task AnswerHttp10(RawConnection connection, string head)
    {
        await connection.SendAsync("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
        await connection.DisposeAsync();
    }

    private static Task AnswerOrDie(RawConnection connection, string head)
    {
        if (Random.Shared.Next(3) != 0)
        {
            return connection.SendAsync(Ok);
        }

        connection.Reset();
        return Task.CompletedTask;
    }

    private static RawBackend Dying(bool withReset) => new(async (connection, head) =>
    {
        if (!head.Contains(" /die ", StringComparison.Ordinal))
        {
            await connection.SendAsync(Ok);
        }
        else if (withReset)
        {
            connection.Reset();
        }
        else
        {
            await connection.DisposeAsync();
        }
    });

    private static int Deliveries(RawBackend backend) =>
        backend.Heads.Count(h => h.Contains(" /die ", StringComparison.Ordinal));
}
