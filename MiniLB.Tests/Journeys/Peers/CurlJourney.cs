using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>What curl sends and fetches passes as it would without a balancer.</summary>
public sealed class CurlJourney
{
    private static readonly byte[] Upload = RandomNumberGenerator.GetBytes(2_000_000);

    [Theory]
    [InlineData("--http1.1", "-T", "{file}")] // of this size curl asks with Expect: 100-continue
    [InlineData("--http1.1", "-T", "-")]
    [InlineData("--http1.1", "--data-binary", "@{file}", "-X", "PUT", "-H", "Expect:")]
    [InlineData("--http1.1", "--data-binary", "@{file}", "-X", "PUT", "-H", "Transfer-Encoding: chunked")]
    [InlineData("--http1.0", "-T", "{file}")]
    [InlineData("--http2-prior-knowledge", "-T", "{file}")]
    [InlineData("--http2-prior-knowledge", "-T", "-")]
    [InlineData("--http2", "-T", "{file}", "-H", "Expect:")]
    public async Task Upload_ArrivesWhole(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("upload");
        await File.WriteAllBytesAsync(file, Upload);
        await using var backend = await TestBackend.StartAsync(async c => await c.Response.WriteAsync(
            Convert.ToHexString(await SHA256.HashDataAsync(c.Request.Body))));
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);

        var curl = await Tool.RunAsync(Upload, "curl",
        [
            "-sS", "-m", "30", "-w", "|%{http_code}",
            .. arguments.Select(a => a.Replace("{file}", file, StringComparison.Ordinal)),
            new Uri(program.Url, "/upload").ToString(),
        ]);

        Assert.Equal((0, ""), (curl.ExitCode, curl.Errors));
        Assert.Equal($"{Convert.ToHexString(SHA256.HashData(Upload))}|200", curl.Output);
    }

    [Fact]
    public async Task ExpectContinue_IsAskedOfTheBackendAndItsWordReachesCurl()
    {
        var asked = "";
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            asked = context.Request.Headers.Expect.ToString();
            await context.Request.Body.CopyToAsync(Stream.Null);
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);

        var curl = await Tool.RunAsync(Upload, "curl",
            "-sSv", "-m", "30", "--expect100-timeout", "20", "-X", "PUT", "--data-binary", "@-", $"{program.Url}");

        Assert.Contains("< HTTP/1.1 100 Continue", curl.Errors, StringComparison.Ordinal);
        Assert.Contains("< HTTP/1.1 200 OK", curl.Errors, StringComparison.Ordinal);
        Assert.Equal("100-continue", asked);
    }

    // Not a byte of the body, because curl asks before. Over HTTP/2 it does not, and version 7.88 takes the end of the
    // stream for an error, whoever sends it.
    [Fact]
    public async Task AnswerThatComesBeforeTheBody_ReachesCurlAtOnce()
    {
        await using var backend = new RawBackend(TooLargeAsync);
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);

        var curl = await Tool.RunAsync(Upload, "curl",
            "--http1.1", "-sS", "-m", "30", "--expect100-timeout", "20", "-X", "PUT", "--data-binary", "@-",
            "-w", "|%{http_code}|%{size_upload}", $"{program.Url}");

        Assert.Equal("too large|413|0", curl.Output);
    }

    [Fact]
    public async Task AnswerInMidUploadOverHttp2_ReachesTheClient()
    {
        await using var backend = new RawBackend(TooLargeAsync);
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        using var client = new HttpClient();
        for (var i = 0; i < 20; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, program.Url)
            {
                Version = new Version(2, 0),
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(Upload),
            };

            using var answer = await client.SendAsync(request);

            Assert.Equal(413, (int)answer.StatusCode);
            Assert.Equal("too large", await answer.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("Content-Length: {size}")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task AnswerInMidUpload_ReachesCurlAndEndsTheUpload(string framing)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("upload");
        await File.WriteAllBytesAsync(file, new byte[64 << 20]);
        await using var backend = new RawBackend(TooLargeAsync);
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);

        var curl = await Tool.RunAsync("curl",
            "--http1.1", "-sS", "-m", "30", "-X", "POST", "-H", "Expect:", "--limit-rate", "8M",
            "-H", framing.Replace("{size}", $"{64 << 20}", StringComparison.Ordinal), "--data-binary", $"@{file}",
            "-w", "|%{http_code}|%{size_upload}", $"{program.Url}");

        Assert.StartsWith("too large|413|", curl.Output, StringComparison.Ordinal);
        // At this pace the whole takes eight seconds; the answer is there from the start.
        Assert.InRange(
            long.Parse(curl.Output.Split('|')[2], System.Globalization.CultureInfo.InvariantCulture), 0, (64 << 20) - 1);
    }

    /// <summary>Refuses without reading, and lets go only when the other side has: a reset could take the answer
    /// along.</summary>
    private static async Task TooLargeAsync(RawConnection connection, string head)
    {
        await connection.SendAsync(
            "HTTP/1.1 413 Content Too Large\r\nContent-Length: 9\r\nConnection: close\r\n\r\ntoo large");
        connection.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        await connection.ReadToEndAsync();
    }
}
