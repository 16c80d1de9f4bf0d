using System.Globalization;
using System.Net;
using MiniLB.Tests.Fuzzing.Oracle;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Fuzzing.Engine;

/// <summary>The program under test with short timeouts, and what the system says of its process.</summary>
internal sealed class FuzzedProgram(RunningProgram program) : IAsyncDisposable
{
    private const int FewDescriptors = 16;
    private const int MostMebibytes = 400;

    private static readonly string[] BadWords =
    [
        "Unexpected", "Unhandled", "unhandled", "unobserved", "Exception", "   at MiniLB", "Fatal error", "fail:",
        "crit:",
    ];

    private int _descriptorsAtStart;

    public IPEndPoint Address => new(IPAddress.Loopback, program.Url.Port);

    public bool HasExited => program.HasExited;

    public int Descriptors => Directory.GetFileSystemEntries($"/proc/{program.Id}/fd").Length;

    /// <summary>Resident memory.</summary>
    public int Mebibytes => int.Parse(
        File.ReadLines($"/proc/{program.Id}/status").Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;

    /// <param name="backends">Their URLs.</param>
    /// <param name="assembly">A mutant; null for the program that journeys start.</param>
    public static async Task<FuzzedProgram> StartAsync(IEnumerable<string> backends, string? assembly)
    {
        string[] arguments =
        [
            "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
            .. backends.SelectMany(b => (string[])["--backend", b]),
            "--set", "timeouts.read=3s", "--set", "timeouts.write=3s", "--set", "timeouts.idle=10s",
            "--set", "pools.default.timeouts.responseHeaders=3s", "--set", "pools.default.timeouts.idle=3s",
            "--set", "pools.default.healthCheck.enabled=false", "--set", "accessLog.path=/dev/null",
        ];

        // Unknown to a build that has no ejection yet; an unknown variable is only a warning.
        var start = ProgramUnderTest.Command(arguments, assembly);
        start.Environment["MINILB_POOLS__DEFAULT__EJECTION__ENABLED"] = "false";
        // What hostile answers hold of it for seconds is not to fail a sound request beside them.
        start.Environment["MINILB_POOLS__DEFAULT__RETRY__BUDGET"] = "1";
        var program = RunningProgram.Start(start);
        await program.WaitUntilServingAsync();
        return new FuzzedProgram(program);
    }

    /// <summary>Called when the program has served and is idle again.</summary>
    public void NoteStart() => _descriptorsAtStart = Descriptors;

    public void JudgeAlive(Findings findings)
    {
        if (program.HasExited)
        {
            findings.Add("the process ended", $"exit code {program.ExitCode}: {program.Errors}", null);
        }

        foreach (var line in program.Errors.Split('\n'))
        {
            if (BadWords.Any(w => line.Contains(w, StringComparison.Ordinal)))
            {
                findings.Add("error in the log", line, null);
                break;
            }
        }
    }

    /// <summary>Nothing may be left of the connections of a run.</summary>
    public async Task JudgeRestAsync(Findings findings)
    {
        for (var i = 0; i < 200 && Descriptors > _descriptorsAtStart + FewDescriptors; i++)
        {
            await Task.Delay(50);
        }

        if (Descriptors > _descriptorsAtStart + FewDescriptors)
        {
            findings.Add("descriptors lost", $"{_descriptorsAtStart} at the start, {Descriptors} now", null);
        }

        if (Mebibytes > MostMebibytes)
        {
            findings.Add("memory lost", $"{Mebibytes} MiB", null);
        }
    }

    public async Task JudgeStopAsync(Findings findings)
    {
        var exit = await program.StopAsync();
        if (exit != 0)
        {
            findings.Add("unclean stop", $"exit code {exit}: {program.Errors}", null);
        }
    }

    public ValueTask DisposeAsync() => program.DisposeAsync();
}
