using System.Globalization;
using System.Text.Json;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>The access log is rotated as logrotate does it, by a rename and USR1, and loses no line.</summary>
public sealed class LogRotationJourney
{
    private const int Rotations = 5;

    [Fact]
    public async Task RenameAndUsr1_UnderLoad_LoseNoLine()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("access.log");
        await using var backend = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", $"accessLog.path={path}");
        using var client = new HttpClient();
        using var enough = new CancellationTokenSource();
        var sent = 0;
        var load = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await client.GetStringAsync(new Uri(program.Url, string.Create(
                    CultureInfo.InvariantCulture, $"/{sent}")));
                sent++;
            }
        });

        for (var i = 1; i <= Rotations; i++)
        {
            await Eventually.True(() => File.Exists(path) && new FileInfo(path).Length > 0, "lines in the file");
            File.Move(path, $"{path}.{i}");
            program.Signal("USR1");
        }

        await Eventually.True(() => File.Exists(path) && new FileInfo(path).Length > 0, "lines in the last file");
        await enough.CancelAsync();
        await load;
        Assert.Equal(0, await program.StopAsync());

        Assert.Equal(
            Enumerable.Range(0, sent).Select(i => string.Create(CultureInfo.InvariantCulture, $"/{i}")),
            Enumerable.Range(1, Rotations).Select(i => $"{path}.{i}").Append(path).SelectMany(File.ReadLines)
                .Select(Target));
    }

    [Fact]
    public async Task Usr1_WithoutALogFile_ChangesNothing()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        using var client = new HttpClient();

        program.Signal("USR1");

        await client.GetStringAsync(program.Url);
        await Eventually.True(() => program.Output.Contains("\"target\":\"/\"", StringComparison.Ordinal), "the line");
        Assert.Equal(0, await program.StopAsync());
    }

    private static string Target(string line)
    {
        using var entry = JsonDocument.Parse(line);
        return entry.RootElement.GetProperty("target").GetString()!;
    }
}
