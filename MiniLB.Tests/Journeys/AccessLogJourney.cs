using System.Diagnostics;
using System.Text.Json;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>Each finished request leaves a line, and no request waits for it to be written.</summary>
public sealed class AccessLogJourney
{
    [Fact]
    public async Task JsonLine_SaysWhatHappened()
    {
        await using var backend = await TestBackend.StartAsync("hello");
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", FailoverJourney.DeadUrl(), "--backend", backend.Url,
            "--set", "pools.default.healthCheck.enabled=false");
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("POST /a?b=\"c HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
        await client.ReadThroughAsync("0\r\n\r\n");
        await Eventually.True(() => program.Output.Contains('\n', StringComparison.Ordinal), "the line");

        using var line = JsonDocument.Parse(program.Output);
        var entry = line.RootElement;
        Assert.Equal("127.0.0.1", entry.GetProperty("client").GetString());
        Assert.Equal("POST", entry.GetProperty("method").GetString());
        Assert.Equal("/a?b=\"c", entry.GetProperty("target").GetString());
        Assert.Equal("HTTP/1.1", entry.GetProperty("protocol").GetString());
        Assert.Equal(200, entry.GetProperty("status").GetInt32());
        Assert.Equal(4, entry.GetProperty("bytesIn").GetInt32());
        Assert.Equal(5, entry.GetProperty("bytesOut").GetInt32());
        Assert.Equal("default", entry.GetProperty("pool").GetString());
        Assert.Equal(backend.Url, entry.GetProperty("backend").GetString());
        Assert.Equal(2, entry.GetProperty("attempts").GetInt32());
        Assert.Equal(["connectFailed", "done"],
            entry.GetProperty("tries").EnumerateArray().Select(t => t.GetProperty("outcome").GetString()));
        Assert.Equal("done", entry.GetProperty("ended").GetString());
        Assert.Equal(32, entry.GetProperty("requestId").GetString()!.Length);
        Assert.InRange(entry.GetProperty("firstByteMs").GetDouble(), 0, entry.GetProperty("durationMs").GetDouble());
        Assert.InRange(DateTime.UtcNow - entry.GetProperty("time").GetDateTime().ToUniversalTime(),
            TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Fields_ThatAreNamed_AreWrittenAndNoOthers()
    {
        await using var backend = await TestBackend.StartAsync(c =>
        {
            c.Response.Headers["X-Cache"] = "hit";
            c.Response.Headers.SetCookie = new(["a=1", "b=2"]);
            return Task.CompletedTask;
        });
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "accessLog.requestHeaders.0=x-tenant",
            "--set", "accessLog.requestHeaders.1=X-Absent", "--set", "accessLog.responseHeaders.0=X-Cache",
            "--set", "accessLog.responseHeaders.1=Retry-After", "--set", "headers.request.set.X-Tenant=changed");
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\nX-Tenant: sent\r\nAuthorization: secret\r\n\r\n");
        await client.ReadHeadAsync();
        await Eventually.True(() => program.Output.Contains('\n', StringComparison.Ordinal), "the line");

        Assert.EndsWith(""","requestHeaders":{"x-tenant":"sent"},"responseHeaders":{"X-Cache":"hit"}}""",
            program.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_LeavesOutWhatWentWell_AndNoFailure()
    {
        await using var backend = await TestBackend.StartAsync(c =>
        {
            c.Response.StatusCode = c.Request.Path == "/fails" ? 500 : 200;
            return Task.CompletedTask;
        });
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "accessLog.sample=0", "--set", "pools.default.ejection.enabled=false");
        using var client = new HttpClient();

        foreach (var path in new[] { "/well", "/fails", "/well", "/fails" })
        {
            using var response = await client.GetAsync(new Uri(program.Url, path));
        }

        Assert.Equal(0, await program.StopAsync());
        Assert.Equal(["/fails", "/fails"], program.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonDocument.Parse(l).RootElement.GetProperty("target").GetString()));
    }

    [Fact]
    public async Task CombinedLine_GoesToAFile()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("access.log", "what was there\n");
        await using var backend = await TestBackend.StartAsync("hello");
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "accessLog.format=combined", "--set", $"accessLog.path={file}");
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("User-Agent", "test/1.0");
        client.DefaultRequestHeaders.Add("Referer", "http://from.test/");

        await client.GetStringAsync(new Uri(program.Url, "/page"));
        Assert.Equal(0, await program.StopAsync());

        Assert.Matches(
            "^what was there\n127\\.0\\.0\\.1 - - \\[\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000\\] "
            + "\"GET /page HTTP/1\\.1\" 200 5 \"http://from\\.test/\" \"test/1\\.0\"\n$",
            await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task PipeThatNobodyReads_StallsNoRequestAndWhatIsDroppedIsSaid()
    {
        const int Requests = 20_000;
        using var folder = new TemporaryFolder();
        await using var backend = await TestBackend.StartAsync();
        var start = ProgramUnderTest.Command(
            ["--listen", $"unix:{folder.File("front.sock")}", "--admin", "off", "--backend", backend.Url]);
        var program = Process.Start(start)!; // its standard output is a pipe that this test does not read
        try
        {
            var errors = new System.Text.StringBuilder();
            program.ErrorDataReceived += (_, e) => { lock (errors) { errors.AppendLine(e.Data); } };
            program.BeginErrorReadLine();
            await Eventually.True(() => File.Exists(folder.File("front.sock")), "the socket");
            await using var client = await RawConnection.OpenUnixAsync(folder.File("front.sock"));

            for (var i = 0; i < Requests; i++)
            {
                await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                await client.ReadThroughAsync("0\r\n\r\n");
            }

            await Eventually.True(
                () => { lock (errors) { return errors.ToString().Contains("lines dropped", StringComparison.Ordinal); } },
                "the loss is said");
        }
        finally
        {
            program.End();
        }
    }

    [Fact]
    public async Task LogFile_ThatCannotBeOpened_EndsTheProgramWithOne()
    {
        await using var program = await RunningProgram.RunAsync(
            "--backend", FailoverJourney.DeadUrl(), "--set", "accessLog.path=/no/such/folder/access.log");

        Assert.Equal(1, program.ExitCode);
        Assert.Contains("/no/such/folder/access.log", program.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JsonLog_IsOneObjectALine()
    {
        await using var program = RunningProgram.Start(
            "--listen", "127.0.0.1:0", "--admin", "off", "--backend", FailoverJourney.DeadUrl(),
            "--set", "log.format=json");

        await Eventually.True(() => program.Errors.Contains("listens on", StringComparison.Ordinal), "the start line");

        foreach (var line in program.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var parsed = JsonDocument.Parse(line);
            Assert.True(parsed.RootElement.TryGetProperty("LogLevel", out _));
        }
    }
}
