using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>Bodies stream both ways, arrive whole or visibly broken, and are never held back.</summary>
public sealed class StreamingJourney
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(65_536)]
    [InlineData(1_048_576)]
    [InlineData(8_388_609)]
    public async Task Body_OfAnySizeWithAndWithoutALength_ComesBackUnchanged(int size)
    {
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            var withLength = context.Request.Path == "/length";
            Assert.Equal(withLength, context.Request.ContentLength is not null);
            // Read whole first: towards a backend the exchange is half duplex, as the README says.
            using var received = new MemoryStream();
            await context.Request.Body.CopyToAsync(received);
            context.Response.ContentLength = context.Request.ContentLength;
            await context.Response.Body.WriteAsync(received.GetBuffer().AsMemory(0, (int)received.Length));
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        using var client = new HttpClient();
        var body = RandomNumberGenerator.GetBytes(size);

        foreach (var path in new[] { "/length", "/chunked" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(program.Url, path));
            request.Content = new ByteArrayContent(body);
            request.Headers.TransferEncodingChunked = path == "/chunked";
            using var response = await client.SendAsync(request);

            Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode}");
            var answer = await response.Content.ReadAsByteArrayAsync();
            Assert.True(body.AsSpan().SequenceEqual(answer), path);
        }
    }

    [Fact]
    public async Task EachChunkOfAResponse_ArrivesBeforeTheNextIsWritten()
    {
        var next = new SemaphoreSlim(0);
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            for (var i = 0; i < 3; i++)
            {
                await next.WaitAsync();
                await context.Response.WriteAsync($"data: {i}\n\n");
                await context.Response.Body.FlushAsync();
            }
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        var head = await client.ReadHeadAsync(); // before the backend has written any of the body

        Assert.Contains("text/event-stream", head, StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
        {
            next.Release();
            await client.ReadThroughAsync($"data: {i}\n\n");
        }
    }

    [Fact]
    public async Task EachChunkOfARequest_ReachesTheBackendBeforeTheNextIsSent()
    {
        var received = new SemaphoreSlim(0);
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            var buffer = new byte[1024];
            while (await context.Request.Body.ReadAsync(buffer) > 0)
            {
                received.Release();
            }
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync("5\r\nhello\r\n");
            Assert.True(await received.WaitAsync(TimeSpan.FromSeconds(30)));
        }

        await client.SendAsync("0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await client.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    public async Task ResponseThatTheBackendBreaksOff_NeverLooksComplete(string response)
    {
        var sent = new TaskCompletionSource();
        await using var backend = new RawBackend(async (connection, _) =>
        {
            await connection.SendAsync(response);
            await sent.Task;
            await connection.DisposeAsync();
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await client.ReadThroughAsync("half"); // the head and a part of the body are out
        sent.SetResult();

        Assert.DoesNotContain("0\r\n", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")]
    [InlineData("HTTP/1.1 abc\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Many: 1\r\n{100}\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Large: {70000}\r\n\r\n")]
    public async Task ResponseHeadThatIsBrokenOrTooLarge_IsAnswered502(string response)
    {
        var manyLines = string.Concat(Enumerable.Range(0, 101).Select(i => $"X-{i}: 1\r\n"));
        var head = response
            .Replace("{100}", manyLines, StringComparison.Ordinal)
            .Replace("{70000}", new string('x', 70_000), StringComparison.Ordinal);
        await using var backend = RawBackend.Answering(head);
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        using var client = new HttpClient();

        using var answer = await client.PostAsync(program.Url, null);

        Assert.Equal(502, (int)answer.StatusCode);
        Assert.Contains("backend-failed", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExpectContinue_TheBackendDecidesWhetherTheBodyIsSent()
    {
        await using var backend = new RawBackend(async (connection, head) =>
        {
            if (head.Contains(" /refuse ", StringComparison.Ordinal))
            {
                await connection.SendAsync("HTTP/1.1 417 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                await connection.DisposeAsync();
                return;
            }

            await connection.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            var body = await connection.ReadAsync(4);
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{body}");
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await client.ReadHeadAsync());
        await client.SendAsync("body");
        Assert.Equal("body", (await client.ReadResponseAsync()).Body);

        // A body of up to 1,024 bytes would be asked for all the same (SocketsHttpHandler). Whether this one comes
        // after
        // all nobody can know: the connection must not be used again.
        await client.SendAsync(
            "PUT /refuse HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 9999\r\n\r\n");
        var refusal = await client.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 417 No\r\n", refusal, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientThatHangsUp_EndsTheWorkAtTheBackend()
    {
        var ended = new TaskCompletionSource();
        await using var backend = await TestBackend.StartAsync(async context =>
        {
            context.RequestAborted.Register(ended.SetResult);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        var client = await RawConnection.OpenAsync(program.Url);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await Eventually.True(() => backend.Requests == 1, "the request at the backend");

        client.Reset();

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await Eventually.True(
            () => program.Output.Contains("\"ended\":\"clientGone\"", StringComparison.Ordinal), "the log line");
    }
}
