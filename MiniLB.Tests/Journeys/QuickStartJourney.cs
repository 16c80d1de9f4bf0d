using System.Diagnostics;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>The quick start of the programs that MiniLB replaces: two python web servers, curl, and /health.</summary>
public sealed class QuickStartJourney
{
    [Fact]
    public async Task TwoPythonServers_AreBalancedAndReported()
    {
        using var folder = new TemporaryFolder();
        await using var first = await PythonServer.StartAsync(folder, "one");
        await using var second = await PythonServer.StartAsync(folder, "two");
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", $"http://localhost:{first.Port}", "--backend", $"http://localhost:{second.Port}");

        var answers = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            answers.Add(await CurlAsync($"{program.Url}page.txt"));
        }

        Assert.Equal(["one", "two", "one", "two"], answers);
        Assert.Equal(
            """{"total":2,"alive":2,"dead":0,"backends":["""
            + $$"""{"url":"http://localhost:{{first.Port}}","alive":true},"""
            + $$"""{"url":"http://localhost:{{second.Port}}","alive":true}]}""",
            await CurlAsync($"{program.Url}health"));
    }

    private static async Task<string> CurlAsync(string url)
    {
        using var curl = Process.Start(new ProcessStartInfo("curl", ["-sS", "--max-time", "20", url])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await curl.StandardOutput.ReadToEndAsync();
        await curl.WaitForExitAsync();
        Assert.Equal(0, curl.ExitCode);
        return output;
    }

    /// <summary>python3 -m http.server, which speaks HTTP/1.0, with one page.</summary>
    private sealed class PythonServer : IAsyncDisposable
    {
        private readonly Process _process;

        private PythonServer(Process process, int port) => (_process, Port) = (process, port);

        public int Port { get; }

        public static async Task<PythonServer> StartAsync(TemporaryFolder folder, string page)
        {
            var site = Directory.CreateDirectory(Path.Combine(folder.Path, page)).FullName;
            await File.WriteAllTextAsync(Path.Combine(site, "page.txt"), page);
            // Unbuffered, so that the line with the chosen port comes at once.
            var process = Process.Start(new ProcessStartInfo(
                "python3", ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", site])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.BeginErrorReadLine();
            var line = await process.StandardOutput.ReadLineAsync();
            return new PythonServer(
                process, int.Parse(line!.Split(' ')[5], System.Globalization.CultureInfo.InvariantCulture));
        }

        public ValueTask DisposeAsync()
        {
            _process.End();
            return default;
        }
    }
}
