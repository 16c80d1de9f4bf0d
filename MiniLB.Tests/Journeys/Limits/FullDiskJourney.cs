using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Limits;

/// <summary>A disk that is full for a while costs lines of the access log, never a request.</summary>
/// <remarks>The disk is a small one in memory, in a mount namespace of the program's own: this needs root.</remarks>
public sealed partial class FullDiskJourney
{
    private const int MostRequests = 3_000;

    // What the program says comes through a pipe: as many requests as fill the disk must not be faster.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    [Fact]
    public async Task RequestsGoOn_LinesAreCounted_AndComeBackWithRoom()
    {
        using var folder = new TemporaryFolder();
        await using var backend = await TestBackend.StartAsync();
        await using var program = RunningProgram.Start(OnASmallDisk(
            folder.File(""), "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--backend", backend.Url,
            "--set", $"accessLog.path={folder.File("access.log")}"));
        await program.WaitUntilServingAsync();
        using var client = new HttpClient();
        var inside = $"/proc/{program.Id}/root{folder.File("")}";
        var (log, requests) = (Path.Combine(inside, "access.log"), 0);
        // Leaves room for some lines, the last of which is cut off.
        await Fill(inside, "filler");

        await RequestUntilAsync("lines cannot be written and are dropped");
        Assert.True(await Dropped() > 0);
        File.Delete(Path.Combine(inside, "filler"));
        await RequestUntilAsync("lines are written again");

        Assert.Single(CannotBeWritten().Matches(program.Errors));
        var lost = await Dropped();
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{lost} were dropped"), program.Errors,
            StringComparison.Ordinal);
        // A line that was cut off has not taken the next one with it.
        await Eventually.True(
            () => WholeLines(log) + lost == requests, "each request has its line or is counted",
            () => $"{requests} requests, {WholeLines(log)} lines, {lost} lost");
        Assert.Equal(0, await program.StopAsync());

        async Task RequestUntilAsync(string said)
        {
            for (var i = 0; i < MostRequests && !program.Errors.Contains(said, StringComparison.Ordinal); i++)
            {
                Assert.Equal("hello", await client.GetStringAsync(program.Url));
                requests++;
                await Task.Delay(Pace);
            }

            await program.SaysAsync(said);
        }

        async Task<long> Dropped() => long.Parse(
            DroppedLines().Match(await client.GetStringAsync(new Uri(program.AdminUrl, "/metrics"))).Groups[1].Value,
            CultureInfo.InvariantCulture);
    }

    private static ProcessStartInfo OnASmallDisk(string folder, params string[] arguments)
    {
        var program = ProgramUnderTest.Command(arguments);
        string[] before =
        [
            "--mount", "sh", "-c", "mount -t tmpfs -o size=64k tmpfs \"$0\" && exec \"$@\"", folder, program.FileName,
        ];
        for (var i = 0; i < before.Length; i++)
        {
            program.ArgumentList.Insert(i, before[i]);
        }

        program.FileName = "unshare";
        return program;
    }

    private static async Task Fill(string folder, string name)
    {
        await using var filler = File.Create(Path.Combine(folder, name));
        await filler.WriteAsync(new byte[48 * 1024]);
    }

    private static int WholeLines(string file) => File.ReadAllLines(file).Count(IsJson);

    private static bool IsJson(string line)
    {
        try
        {
            using var _ = JsonDocument.Parse(line);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^minilb_access_log_lines_dropped_total (\d+)", RegexOptions.Multiline)]
    private static partial Regex DroppedLines();

    [GeneratedRegex("lines cannot be written and are dropped")]
    private static partial Regex CannotBeWritten();
}
