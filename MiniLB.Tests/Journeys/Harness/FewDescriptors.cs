using System.Diagnostics;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>A program that is to run out of descriptors.</summary>
/// <remarks>Each new thread of the built project opens a pipe; where there is none, .NET ends the process, or throws
/// into whatever runs. So its pool gets all threads that it may have before, and keeps them, and none compiles methods
/// once more. The native file's threads open nothing.</remarks>
internal static class FewDescriptors
{
    private const int PoolThreads = 2;

    private static readonly string[] OfPool = [".NET TP Worker", ".NET TP Gate"];

    /// <summary>As <see cref="RunningProgram.BalanceAsync"/>.</summary>
    public static async Task<RunningProgram> BalanceAsync(params string[] arguments)
    {
        var variables = Variables(new Dictionary<string, string>());
        var program = RunningProgram.Start(
            variables, ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", .. arguments]);
        await program.WaitUntilServingAsync();
        return program;
    }

    /// <param name="others">What else it is started with.</param>
    public static Dictionary<string, string> Variables(IReadOnlyDictionary<string, string> others) => new(others)
    {
        ["DOTNET_ThreadPool_ForceMinWorkerThreads"] = $"{PoolThreads}",
        ["DOTNET_ThreadPool_ForceMaxWorkerThreads"] = $"{PoolThreads}",
        ["DOTNET_ThreadPool_ThreadTimeoutMs"] = "-1",
        ["DOTNET_TieredCompilation"] = "0",
    };

    /// <summary>How many are open.</summary>
    public static int Open(RunningProgram program) => Directory.GetFiles($"/proc/{program.Id}/fd").Length;

    /// <param name="program">Started with <see cref="Variables"/>.</param>
    /// <param name="limit">As prlimit(1) takes it.</param>
    public static async Task LimitAsync(RunningProgram program, string limit)
    {
        if (ProgramUnderTest.IsBuiltProject)
        {
            await Eventually.True(
                () => Threads(program).Count(OfPool.Contains) > PoolThreads, "the threads of the pool",
                () => string.Join('\n', Threads(program)));
        }

        using var prlimit = Process.Start("prlimit", ["--pid", $"{program.Id}", $"--nofile={limit}"]);
        await prlimit.WaitForExitAsync();
        Assert.Equal(0, prlimit.ExitCode);
    }

    private static List<string> Threads(RunningProgram program) =>
        [.. Directory.GetDirectories($"/proc/{program.Id}/task").Select(Name)];

    private static string Name(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "comm")).Trim();
        }
        catch (IOException)
        {
            return ""; // it has ended
        }
    }
}
