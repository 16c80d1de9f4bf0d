using System.Text.Json.Serialization;
using MiniLB.State;

namespace MiniLB.Admin;

/// <summary>Has another process take over because an operator says so, and tells which one.</summary>
/// <param name="upgrade">Takes who asks.</param>
/// <param name="letGo">Called once the answer was sent: this process may stop.</param>
internal sealed class UpgradeCommand(Func<string, Task<UpgradeResult>> upgrade, Action letGo)
{
    public async ValueTask<AdminAnswer> RunAsync(AdminCommand command)
    {
        // To start a process is not for the thread that serves connections.
        var result = await Task.Run(() => upgrade($"asked by {command.Peer}"));
        return result switch
        {
            { Problem: null } => OwnAnswer.Json(
                new UpgradeDocument(result.Process, Environment.ProcessId), UpgradeJson.Default.UpgradeDocument) with
            {
                Sent = letGo,
            },
            { WasTried: false, Problem: var problem } => new AdminRefusal(
                StatusCodes.Status409Conflict, "no-upgrade", "There can be no upgrade here", problem),
            { Problem: var problem } => new AdminRefusal(
                StatusCodes.Status500InternalServerError, "upgrade-failed", "The new process does not serve", problem),
        };
    }
}

/// <summary>Which processes there are after an upgrade.</summary>
/// <param name="Process">Serves from now on.</param>
/// <param name="Replaced">Finishes what it has.</param>
internal sealed record UpgradeDocument(int Process, int Replaced);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(UpgradeDocument))]
internal sealed partial class UpgradeJson : JsonSerializerContext;
