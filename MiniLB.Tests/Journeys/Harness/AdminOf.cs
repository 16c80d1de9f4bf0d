using System.Net.Http.Json;
using MiniLB.Admin;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>What an operator asks of a running program: the commands that speak to it, and its own view of its
/// backends.</summary>
internal static class AdminOf
{
    /// <summary>Starts a command that speaks to the program.</summary>
    public static RunningProgram Start(RunningProgram program, params string[] arguments) =>
        RunningProgram.Start([.. arguments, "--admin", program.AdminUrl.Authority]);

    /// <summary>Runs such a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        RunningProgram program, params string[] arguments)
    {
        await using var command = Start(program, arguments);
        return (await command.WaitForEndAsync(), command.Output, command.Errors);
    }

    /// <summary>Runs a command that succeeds.</summary>
    public static async Task DoAsync(RunningProgram program, params string[] arguments) =>
        Assert.Equal((0, ""), await RunAsync(program, arguments) is var (code, _, errors) ? (code, errors) : default);

    public static async Task<BackendDocument> ShowAsync(RunningProgram program, string name)
    {
        using var client = new HttpClient();
        var url = new Uri(program.AdminUrl, $"/backends/default/{Uri.EscapeDataString(name)}");
        return (await client.GetFromJsonAsync(url, BackendsJson.Default.BackendDocument))!;
    }

    /// <summary>Waits until the program sees a backend in some state.</summary>
    public static async Task SeesAsync(
        RunningProgram program, string name, Func<BackendDocument, bool> condition, string what)
    {
        BackendDocument? last = null;
        await Eventually.True(
            async () => condition(last = await ShowAsync(program, name)), what, () => $"{last}");
    }
}
