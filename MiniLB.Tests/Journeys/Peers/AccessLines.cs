using System.Text.Json;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>The access log of a running program, one element a line.</summary>
internal static class AccessLines
{
    public static JsonElement[] Of(RunningProgram program) =>
        [.. program.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    /// <summary>Waits until there are as many lines.</summary>
    public static async Task<JsonElement[]> WaitAsync(RunningProgram program, int count)
    {
        await Eventually.True(() => Of(program).Length >= count, $"{count} access log lines", () => program.Output);
        return Of(program);
    }

    private static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
