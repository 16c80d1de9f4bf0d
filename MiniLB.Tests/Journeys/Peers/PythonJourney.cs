using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>Python's own web server as a backend, which speaks HTTP/1.0 unless it is told otherwise.</summary>
public sealed partial class PythonJourney
{
    [Theory]
    [InlineData("HTTP/1.0")]
    [InlineData("HTTP/1.1")]
    public async Task Files_ArriveWholeOneAfterAnother(string protocol)
    {
        using var folder = new TemporaryFolder();
        var (small, large) = (RandomNumberGenerator.GetBytes(1000), RandomNumberGenerator.GetBytes(32 << 20));
        await File.WriteAllBytesAsync(folder.File("small"), small);
        await File.WriteAllBytesAsync(folder.File("large"), large);
        await using var python = Serve(folder.Path, protocol);
        await using var program = await RunningProgram.BalanceAsync("--backend", await UrlAsync(python));
        using var client = new HttpClient();

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(small, await client.GetByteArrayAsync(new Uri(program.Url, "/small")));
        }

        var received = await client.GetByteArrayAsync(new Uri(program.Url, "/large"));
        Assert.True(large.AsSpan().SequenceEqual(received));
        using var missing = await client.GetAsync(new Uri(program.Url, "/missing"));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("File not found", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.0")]
    [InlineData("HTTP/1.1")]
    public async Task AnswersWithoutABody_LeaveTheClientsConnectionUsable(string protocol)
    {
        using var folder = new TemporaryFolder();
        folder.Write("page", "hello");
        await using var python = Serve(folder.Path, protocol);
        await using var program = await RunningProgram.BalanceAsync("--backend", await UrlAsync(python));
        await using var client = await RawConnection.OpenAsync(program.Url);

        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync("HEAD /page HTTP/1.1\r\nHost: h\r\n\r\n");
            var head = await client.ReadHeadAsync();
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", head, StringComparison.Ordinal);
            Assert.Contains("\r\nContent-Length: 5\r\n", head, StringComparison.OrdinalIgnoreCase);
            await client.SendAsync("GET /page HTTP/1.1\r\nHost: h\r\n"
                + "If-Modified-Since: Fri, 31 Dec 2100 23:59:59 GMT\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 304 Not Modified\r\n", await client.ReadHeadAsync(), StringComparison.Ordinal);
            await client.SendAsync("GET /page HTTP/1.1\r\nHost: h\r\n\r\n");
            Assert.Equal("hello", (await client.ReadResponseAsync()).Body);
        }
    }

    [Fact]
    public async Task PostThatPythonDoesNotKnow_Is501()
    {
        using var folder = new TemporaryFolder();
        await using var python = Serve(folder.Path, "HTTP/1.0");
        await using var program = await RunningProgram.BalanceAsync("--backend", await UrlAsync(python));
        using var client = new HttpClient();

        using var answer = await client.PostAsync(program.Url, new StringContent("some text"));

        Assert.Equal(HttpStatusCode.NotImplemented, answer.StatusCode);
    }

    private static PeerProcess Serve(string folder, string protocol) => new("python3",
        "-u", "-c",
        "import sys, functools, http.server as s; h = s.SimpleHTTPRequestHandler; "
        + "h.protocol_version = sys.argv[2]; h.log_message = lambda *a: None; "
        + "server = s.ThreadingHTTPServer(('127.0.0.1', 0), functools.partial(h, directory=sys.argv[1])); "
        + "print('serving', server.server_address[1]); server.serve_forever()",
        folder, protocol);

    private static async Task<string> UrlAsync(PeerProcess python)
    {
        await Eventually.True(() => Port().IsMatch(python.Said), "the port", () => python.Said);
        return $"http://127.0.0.1:{Port().Match(python.Said).Groups[1].Value}";
    }

    [GeneratedRegex(@"serving (\d+)")]
    private static partial Regex Port();
}
