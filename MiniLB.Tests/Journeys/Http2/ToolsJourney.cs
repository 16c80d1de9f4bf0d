using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Http2.Backends;
using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys.Http2;

/// <summary>Clients that others wrote get over HTTP/2 what the backend says: curl, and h2load under load.</summary>
public sealed partial class ToolsJourney(ITestOutputHelper output)
{
    private const int Requests = 20_000;

    [Theory]
    [InlineData("1.1")]
    [InlineData("2")]
    public async Task H2Load_Of20000RequestsOver100Streams_FailsNone(string towardsBackends)
    {
        await using var older = await TestBackend.StartAsync();
        await using var newer = await KestrelBackend.StartAsync(c => c.Response.WriteAsync("hello"));
        var url = towardsBackends == "2" ? newer.Url : older.Url;
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", url, "--set", $"pools.default.http={towardsBackends}", "--set", "accessLog.format=off");

        var told = await Tool.RunAsync(
            "h2load", "-n", $"{Requests}", "-c", "10", "-m", "10", "-T", "30", program.Url.ToString());

        output.WriteLine(told);
        var counts = Counts().Match(told);
        Assert.True(counts.Success, told);
        Assert.Equal(
            $"{Requests} total, {Requests} started, {Requests} done, {Requests} succeeded, 0 failed, 0 errored, "
            + "0 timeout", counts.Value);
        Assert.Contains($"status codes: {Requests} 2xx", told, StringComparison.Ordinal);
        Assert.Equal(Requests, Math.Max(older.Requests, newer.Requests));
    }

    [Fact]
    public async Task H2Load_OfUploads_FailsNone()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("body", new string('b', 50_000));
        await using var backend = await TestBackend.StartAsync(c => c.Request.Body.CopyToAsync(c.Response.Body));
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "accessLog.format=off");

        var told = await Tool.RunAsync(
            "h2load", "-n", "1000", "-c", "5", "-m", "5", "-T", "30", "-d", file, program.Url.ToString());

        Assert.Contains("1000 succeeded, 0 failed, 0 errored, 0 timeout", told, StringComparison.Ordinal);
        var data = long.Parse(DataBytes().Match(told).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Equal(50_000_000, data);
    }

    [Fact]
    public async Task Curl_GetsWhatTheBackendSays()
    {
        await using var backend = new RecordingBackend();
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);

        Assert.Equal("ok 200 2", await CurlAsync(program, "/r", "-w", " %{http_code} %{http_version}"));
        Assert.Equal(" 304 2", await CurlAsync(program, "/304", "-w", " %{http_code} %{http_version}"));
        Assert.Equal("abc", await CurlAsync(program, "/echo", "--data-binary", "abc"));
        Assert.Equal("abc", await CurlAsync(program, "/echo", "-X", "PATCH", "--data-binary", "abc"));
        var head = await CurlAsync(program, "/head", "--head");
        Assert.Contains("HTTP/2 200", head, StringComparison.Ordinal);
        Assert.Contains("content-length: 1234\r\n", head, StringComparison.Ordinal);
        Assert.Equal(
            ["GET /r", "GET /304", "POST /echo", "PATCH /echo", "HEAD /head"],
            backend.Requests.Select(r => $"{r.Method} {r.Path}"));
    }

    [Fact]
    public async Task Curl_GetsTrailers()
    {
        await using var backend = new RecordingBackend();
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);

        var told = await CurlAsync(program, "/trailers", "-i");

        Assert.Matches("(?s)^HTTP/2 200.*\r\n\r\nabc.*x-sum: 42", told);
    }

    [Fact]
    public async Task Curl_WithABrokenResponse_Fails()
    {
        await using var backend = new RecordingBackend();
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);

        var failure = await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => CurlAsync(program, "/short", "-f"));

        // 22: a status of 400 or more, 18: a part only, 92: a stream that was reset.
        Assert.Matches("exit code (22|18|92)", failure.Message);
    }

    [Fact]
    public async Task Curl_UploadOf10MegabytesWithAndWithoutALength_ComesBackUnchanged()
    {
        using var folder = new TemporaryFolder();
        var body = RandomNumberGenerator.GetBytes(10_000_000);
        await File.WriteAllBytesAsync(folder.File("body"), body);
        await using var backend = await TestBackend.StartAsync(StreamsJourney.EchoAsync);
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);

        foreach (var length in new[] { "Content-Length: 10000000", "Transfer-Encoding: chunked" })
        {
            await CurlAsync(program, "/", "-T", folder.File("body"), "-H", length, "-o", folder.File("back"));

            var back = await File.ReadAllBytesAsync(folder.File("back"));
            Assert.True(body.AsSpan().SequenceEqual(back), length);
        }
    }

    private static Task<string> CurlAsync(RunningProgram program, string path, params string[] arguments)
    {
        var url = new Uri(program.Url, path).ToString();
        return Tool.RunAsync("curl", ["-sS", "--max-time", "30", "--http2-prior-knowledge", .. arguments, url]);
    }

    [GeneratedRegex(@"\d+ total, .* timeout")]
    private static partial Regex Counts();

    [GeneratedRegex(@"\((\d+)\) data")]
    private static partial Regex DataBytes();
}
