using System.Net;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Http2.Backends;
using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2;

/// <summary>A backend that refuses a stream has not worked on it (RFC 9113 section 8.7): the request is sent to it once
/// more, whole or not at all.</summary>
public sealed class RefusedStreamJourney
{
    [Theory]
    [InlineData("PUT", 1, "1.1", false)]
    [InlineData("PUT", 1, "1.1", true)]
    [InlineData("PUT", 2, "1.1", true)]
    [InlineData("PUT", 1, "2.0", false)]
    public async Task BodyThatWasKept_IsSentAgainFromItsStart(string method, int refusals, string version, bool hasLength)
    {
        await using var backend = new RefusingBackend(refusals, refuseAfter: 1);
        await using var program = await BalanceAsync(backend);
        var body = string.Concat(Enumerable.Range(0, 600).Select(i => $"{i:000000000} "));

        var status = await SendAsync(program, method, body, version, hasLength);

        Assert.True(status == HttpStatusCode.OK, $"{status}: {program.Output}{program.Errors}");
        Assert.Equal(refusals + 1, backend.Streams.Count);
        Assert.Equal(body, backend.Streams[^1].Text);
        await Eventually.True(() => program.Output.Contains("\"bytesIn\":6000,", StringComparison.Ordinal),
            "6,000 bytes in the access log", () => program.Output);
    }

    // A POST is not kept, nor is what is longer than maxBody: the rest alone would look like the whole.
    [Theory]
    [InlineData("POST", 6_000, 1)]
    [InlineData("PUT", 100_000, 70_000)]
    public async Task BodyThatWasBegun_AndIsNotKept_NeverReachesTheBackendInPart(string method, int size, int refuseAfter)
    {
        await using var backend = new RefusingBackend(1, refuseAfter);
        await using var program = await BalanceAsync(backend);

        var status = await SendAsync(program, method, new string('a', size), "1.1", hasLength: false);

        Assert.Equal(HttpStatusCode.BadGateway, status);
        Assert.DoesNotContain(backend.Streams, s => s.Ended && s.Reset is null);
    }

    // Where the process stands still SocketsHttpHandler may hear of the end of its copying before the refusal.
    [Fact]
    public async Task PostOfWhichNothingWasTaken_IsDeliveredOnceAtMost()
    {
        await using var backend = new RefusingBackend(1, refuseAfter: 0);
        await using var program = await BalanceAsync(backend);
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n");
        await Eventually.True(
            () => backend.Streams.Count == 2 || program.Output.Contains("\"status\":502,", StringComparison.Ordinal),
            "a second stream, or an answer", () => program.Output);
        if (backend.Streams.Count == 1)
        {
            Assert.False(backend.Streams[0].Ended);
            return;
        }

        await client.SendAsync("hello");
        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal("hello", backend.Streams[1].Text);
        Assert.Equal(2, backend.Streams.Count);
    }

    private static Task<RunningProgram> BalanceAsync(RefusingBackend backend) => RunningProgram.BalanceAsync(
        "--backend", backend.Url, "--set", "pools.default.http=2", "--set", "pools.default.healthCheck.enabled=false");

    private static async Task<HttpStatusCode> SendAsync(
        RunningProgram program, string method, string body, string version, bool hasLength)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), program.Url)
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent(body),
        };
        request.Headers.TransferEncodingChunked = hasLength || version == "2.0" ? null : true;
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
