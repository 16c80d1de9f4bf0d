using System.Net;
using System.Security.Cryptography;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>nginx as a backend: what it serves without a balancer it serves behind one.</summary>
public sealed class NginxJourney
{
    private static readonly byte[] Small = RandomNumberGenerator.GetBytes(1000);

    [Fact]
    public async Task RequestsOneAfterAnother_ShareOneConnection()
    {
        await using var nginx = await NginxPeer.StartAsync("", ("small", Small));
        await using var program = await RunningProgram.BalanceAsync("--backend", nginx.Url);
        using var client = new HttpClient();

        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(Small, await client.GetByteArrayAsync(new Uri(program.Url, "/small")));
        }

        // It writes a line after it has answered.
        await Eventually.True(() => nginx.Requests.Length == 50, "nginx logs all", () => $"{nginx.Requests.Length}");
        Assert.Single(nginx.Requests.Select(l => l.Split(' ')[0]).Distinct());
    }

    [Theory]
    [InlineData("keepalive_requests 3;")] // says Connection: close with every third answer
    [InlineData("keepalive_timeout 0;")] // says so with every answer
    [InlineData("keepalive_timeout 25ms;")] // says nothing and closes, at times just when the next one comes
    public async Task ConnectionThatNginxCloses_FailsNoRequest(string setting)
    {
        await using var nginx = await NginxPeer.StartAsync(setting, ("small", Small));
        await using var program = await RunningProgram.BalanceAsync("--backend", nginx.Url);
        using var client = new HttpClient();

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(Small, await client.GetByteArrayAsync(new Uri(program.Url, "/small")));
            if (setting.EndsWith("ms;", StringComparison.Ordinal))
            {
                await Task.Delay(20 + (i % 10)); // around the moment at which it closes
            }
        }

        Assert.InRange(nginx.Requests.Select(l => l.Split(' ')[0]).Distinct().Count(), 2, 100);
        Assert.DoesNotContain("is down", program.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LargeFile_ArrivesWhole()
    {
        var large = RandomNumberGenerator.GetBytes(64 << 20);
        await using var nginx = await NginxPeer.StartAsync("", ("large", large));
        await using var program = await RunningProgram.BalanceAsync("--backend", nginx.Url);
        using var client = new HttpClient();

        var received = await client.GetByteArrayAsync(new Uri(program.Url, "/large"));

        Assert.True(large.AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task PageThatHasNotChanged_Is304AndTheConnectionGoesOn()
    {
        await using var nginx = await NginxPeer.StartAsync("", ("small", Small));
        await using var program = await RunningProgram.BalanceAsync("--backend", nginx.Url);
        await using var client = await RawConnection.OpenAsync(program.Url);
        await client.SendAsync("GET /small HTTP/1.1\r\nHost: h\r\n\r\n");
        var head = await client.ReadHeadAsync();
        await client.ReadAsync(Small.Length);
        var tag = head.Split("\r\n").Single(l => l.StartsWith("ETag: ", StringComparison.OrdinalIgnoreCase))[6..];

        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync($"GET /small HTTP/1.1\r\nHost: h\r\nIf-None-Match: {tag}\r\n\r\n");
            var unchanged = await client.ReadHeadAsync();
            Assert.StartsWith("HTTP/1.1 304 Not Modified\r\n", unchanged, StringComparison.Ordinal);
            Assert.Contains(tag, unchanged, StringComparison.Ordinal);
        }

        Assert.Single(nginx.Requests.Select(l => l.Split(' ')[0]).Distinct());
    }

    [Theory]
    [InlineData("bytes=5-9", 206)]
    [InlineData("bytes=-10", 206)]
    [InlineData("bytes=0-0,10-19,990-", 206)]
    [InlineData("bytes=2000-", 416)]
    public async Task Range_IsAnsweredAsWithoutABalancer(string range, int status)
    {
        await using var nginx = await NginxPeer.StartAsync("", ("small", Small));
        await using var program = await RunningProgram.BalanceAsync("--backend", nginx.Url);

        var direct = await RangeAsync(new Uri(nginx.Url), range);
        var balanced = await RangeAsync(program.Url, range);

        Assert.Equal(status, balanced.Status);
        Assert.Equal(direct.Status, balanced.Status);
        Assert.Equal(direct.Range, balanced.Range);
        Assert.Equal(direct.Body, balanced.Body);
    }

    [Fact]
    public async Task Head_TellsTheLengthOfTheFile()
    {
        await using var nginx = await NginxPeer.StartAsync("", ("small", Small));
        await using var program = await RunningProgram.BalanceAsync("--backend", nginx.Url);
        using var client = new HttpClient();

        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(program.Url, "/small"));
            using var response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(Small.Length, response.Content.Headers.ContentLength);
        }

        Assert.Single(nginx.Requests.Select(l => l.Split(' ')[0]).Distinct());
    }

    [Fact]
    public async Task UploadThatNginxRefuses_IsAnsweredBeforeItIsThrough()
    {
        await using var nginx = await NginxPeer.StartAsync("client_max_body_size 1k;", ("small", Small));
        await using var program = await RunningProgram.BalanceAsync("--backend", nginx.Url);

        var curl = await Tool.RunAsync(new byte[20 << 20], "curl",
            "-sS", "-m", "30", "-H", "Expect:", "-X", "PUT", "--data-binary", "@-", "-o", "/dev/null",
            "-w", "%{http_code}", $"{new Uri(program.Url, "/small")}");

        Assert.Equal("413", curl.Output);
    }

    private static async Task<(int Status, string? Range, byte[] Body)> RangeAsync(Uri url, string range)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, "/small"));
        request.Headers.TryAddWithoutValidation("Range", range);
        using var response = await client.SendAsync(request);
        var boundary = response.Content.Headers.ContentType?.Parameters.SingleOrDefault(p => p.Name == "boundary");
        var body = await response.Content.ReadAsByteArrayAsync();
        if (boundary is not null)
        {
            // Each answer has a boundary of its own.
            body = System.Text.Encoding.Latin1.GetBytes(System.Text.Encoding.Latin1.GetString(body)
                .Replace(boundary.Value!, "boundary", StringComparison.Ordinal));
        }

        return ((int)response.StatusCode, response.Content.Headers.ContentRange?.ToString(), body);
    }
}
