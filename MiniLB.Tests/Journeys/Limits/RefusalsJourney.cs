using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Limits;

/// <summary>Whoever is turned away is counted once, by the reason.</summary>
public sealed class RefusalsJourney
{
    private const string Post = "POST / HTTP/1.1\r\nHost: h\r\n";

    [Theory]
    [InlineData("head", 414, "\"limits\": {\"requestLine\": 256}", "GET /{300} HTTP/1.1\r\nHost: h\r\n\r\n")]
    [InlineData("head", 431, "\"limits\": {\"headers\": 2}", "GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\nB: 2\r\n\r\n")]
    [InlineData("head", 431, "\"limits\": {\"headerBytes\": 256}", "GET / HTTP/1.1\r\nHost: h\r\nA: {300}\r\n\r\n")]
    [InlineData("head", 431, "\"limits\": {\"headers\": 2}",
        Post + "Transfer-Encoding: chunked\r\n\r\n0\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n")]
    [InlineData("body", 413, "\"limits\": {\"body\": 3}", Post + "Content-Length: 4\r\n\r\nbody")]
    [InlineData("body", 413, "\"limits\": {\"body\": 3}", Post + "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n")]
    [InlineData("malformed", 400, "\"limits\": {}", "GET / HTTP/1.1\r\n\r\n")]
    [InlineData("malformed", 400, "\"limits\": {}", Post + "Transfer-Encoding: chunked\r\n\r\nx\r\n")]
    [InlineData("malformed", 505, "\"limits\": {}", "GET / HTTP/3.0\r\nHost: h\r\n\r\n")]
    [InlineData("malformed", 400, "\"routes\": [{\"path\": \"/*\"}]", "GET /a%2fb HTTP/1.1\r\nHost: h\r\n\r\n")]
    [InlineData("method", 405, "\"limits\": {}", "TRACE / HTTP/1.1\r\nHost: h\r\n\r\n")]
    [InlineData("method", 405, "\"limits\": {}", "CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n")]
    [InlineData("method", 405, "\"routes\": [{\"path\": \"/*\"}]", "TRACE / HTTP/1.1\r\nHost: h\r\n\r\n")]
    [InlineData("slow_request", 408, "\"timeouts\": {\"read\": \"300ms\"}", "GET / HTTP/1.1\r\nHo")]
    [InlineData("slow_request", 408, "\"timeouts\": {\"read\": \"300ms\"}", Post + "Content-Length: 4\r\n\r\nbo")]
    public async Task RequestOverHttp1_CountsByItsReason(string reason, int status, string keys, string request)
    {
        await using var limited = await StartAsync(keys);
        await using var client = await RawConnection.OpenAsync(limited.Program.Url);

        await client.SendAsync(request.Replace("{300}", new string('x', 300), StringComparison.Ordinal));

        Assert.StartsWith($"HTTP/1.1 {status} ", await client.ReadHeadAsync(), StringComparison.Ordinal);
        await limited.HasRefusedAsync($"{reason}=1");
    }

    [Theory]
    [InlineData("body", 413, "\"limits\": {\"body\": 3}", "POST", true)]
    [InlineData("body", 413, "\"limits\": {\"body\": 3}", "POST", false)]
    [InlineData("method", 405, "\"limits\": {}", "TRACE", null)]
    [InlineData("malformed", 417, "\"limits\": {}", "EXPECT", null)]
    [InlineData("head", 431, "\"limits\": {\"headers\": 1}", "EXPECT", null)]
    public async Task RequestOverHttp2_CountsByItsReason(
        string reason, int status, string keys, string method, bool? announced)
    {
        await using var limited = await StartAsync(keys);
        using var client = LimitedProgram.Client("2.0");
        using var request = new HttpRequestMessage(new HttpMethod(method), limited.Program.Url)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (method == "EXPECT")
        {
            request.Headers.TryAddWithoutValidation("Expect", "other");
        }

        if (announced is { } isAnnounced)
        {
            request.Content = new StreamContent(new MemoryStream("body"u8.ToArray()));
            request.Content.Headers.ContentLength = isAnnounced ? 4 : null;
            request.Headers.TransferEncodingChunked = isAnnounced ? null : true;
        }

        using var answer = await client.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        await limited.HasRefusedAsync($"{reason}=1");
    }

    [Fact]
    public async Task RequestsInFlight_AndConnections_CountByTheirLimit_InStatisticsToo()
    {
        var release = new TaskCompletionSource();
        await using var limited = await LimitedProgram.StartAsync(
            "\"limits\": {\"inFlight\": 1, \"connections\": 2}", await TestBackend.StartAsync(async c =>
            {
                await release.Task;
                c.Response.ContentLength = 0;
            }));
        await using var first = await RawConnection.OpenAsync(limited.Program.Url);
        await using var second = await RawConnection.OpenAsync(limited.Program.Url);
        var running = LimitedProgram.AskAsync(first, "/");
        await Eventually.True(() => limited.Backend.Requests == 1, "the request at the backend");

        Assert.Equal("503", await LimitedProgram.AskAsync(second, "/"));
        Assert.Equal("", await ConnectAndReadAsync(limited.Program.Url));

        await limited.HasRefusedAsync("connections=1 in_flight=1");
        release.SetResult();
        Assert.Equal("200", await running);
        using var admin = new HttpClient();
        using var stats = JsonDocument.Parse(
            await admin.GetStringAsync(new Uri(limited.Program.AdminUrl, "/stats")));
        Assert.Equal(
            "{\"connections\":1,\"in_flight\":1}", stats.RootElement.GetProperty("refused").GetRawText());
        var (_, shown, _) = await AdminOf.RunAsync(limited.Program, "status");
        Assert.Contains(" 2 refused,", shown, StringComparison.Ordinal);
    }

    private static async Task<LimitedProgram> StartAsync(string keys) =>
        await LimitedProgram.StartAsync(keys, await TestBackend.StartAsync(async c =>
        {
            await c.Request.Body.CopyToAsync(Stream.Null);
            await c.Response.WriteAsync("hello");
        }));

    // The close may come before the connection is seen to be open.
    private static async Task<string> ConnectAndReadAsync(Uri url)
    {
        try
        {
            await using var connection = await RawConnection.OpenAsync(url);
            return await connection.ReadToEndAsync();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return "";
        }
    }
}
