using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>A request with a body that one backend has begun to read is sent whole to another, where it may be repeated
/// and was kept.</summary>
public sealed class BodyRetryJourney
{
    [Theory]
    [InlineData("PUT", false, 1_000, false, true)]
    [InlineData("PUT", false, 60_000, false, true)]
    [InlineData("PUT", false, 60_000, true, true)]
    [InlineData("POST", true, 5_000, false, true)]
    [InlineData("PUT", false, 100_000, true, false)]
    [InlineData("PUT", false, 100_000, false, false)]
    [InlineData("POST", false, 5_000, false, false)]
    [InlineData("PATCH", false, 5_000, true, false)]
    public async Task BackendThatBreaksInMidBody_CostsOnlyWhatMayNotBeRepeated(
        string method, bool hasKey, int size, bool isChunked, bool isSaved)
    {
        // What is above the limit is lost once more than the limit has been taken.
        var taken = size > 64 * 1024 ? 80_000 : 100;
        await using var dying = new RawBackend(async (connection, _) =>
        {
            await connection.ReadAsync(taken);
            await connection.DisposeAsync();
        });
        var digests = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var alive = await TestBackend.StartAsync(async context =>
            digests.Enqueue(Convert.ToHexString(await SHA256.HashDataAsync(context.Request.Body))));
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", dying.Url, "--backend", alive.Url, "--set", "pools.default.ejection.enabled=false");
        using var client = new HttpClient();
        var body = RandomNumberGenerator.GetBytes(size);
        var statuses = new List<HttpStatusCode>();

        for (var i = 0; i < 4; i++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), program.Url);
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            request.Headers.TransferEncodingChunked = isChunked ? true : null;
            if (hasKey)
            {
                request.Headers.Add("Idempotency-Key", "\"one\"");
            }

            using var response = await client.SendAsync(request);
            statuses.Add(response.StatusCode);
        }

        var good = statuses.Count(s => s == HttpStatusCode.OK);
        Assert.Equal(isSaved ? 4 : 2, good);
        Assert.Equal(4 - good, statuses.Count(s => s == HttpStatusCode.BadGateway));
        Assert.Equal(Enumerable.Repeat(Convert.ToHexString(SHA256.HashData(body)), good), digests);
    }

    [Fact]
    public async Task BodyThatCameByHttp2_IsSentAgainToo()
    {
        await using var dying = new RawBackend(async (connection, _) =>
        {
            await connection.ReadAsync(100);
            await connection.DisposeAsync();
        });
        await using var alive = await TestBackend.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.ASCII);
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(
                context.Response, await reader.ReadToEndAsync());
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", dying.Url, "--backend", alive.Url);
        using var client = new HttpClient();
        var body = new string('b', 20_000);

        for (var i = 0; i < 4; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, program.Url)
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new StringContent(body),
            };
            using var response = await client.SendAsync(request);
            Assert.Equal(body, await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task BytesOfABodyThatWasSentTwice_CountOnceInTheAccessLog()
    {
        await using var dying = new RawBackend(async (connection, _) =>
        {
            await connection.ReadAsync(100);
            await connection.DisposeAsync();
        });
        await using var alive = await TestBackend.StartAsync(async context =>
            await context.Request.Body.CopyToAsync(Stream.Null));
        await using var program = await RunningProgram.BalanceAsync("--backend", dying.Url, "--backend", alive.Url);
        using var client = new HttpClient();
        for (var i = 0; i < 2; i++)
        {
            using var content = new ByteArrayContent(new byte[5_000]);
            using var response = await client.PutAsync(program.Url, content);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await Eventually.True(() => program.Output.Split('\n').Count(l => l.Contains("\"bytesIn\":5000,")) == 2,
            "two lines with 5,000 bytes", () => program.Output);
        Assert.Contains("\"attempts\":2", program.Output, StringComparison.Ordinal);
    }
}
