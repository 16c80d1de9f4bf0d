using System.Text.Json.Serialization;
using MiniLB.State;

namespace MiniLB.Admin;

/// <summary>Reads the configuration again because an operator says so, and tells what that has changed.</summary>
internal sealed class ReloadCommand(Func<string, Task<ReloadResult>> reload)
{
    public async ValueTask<AdminAnswer> RunAsync(AdminCommand command)
    {
        // Reading files and working out tables is not for the thread that serves connections.
        var result = await Task.Run(() => reload($"asked by {command.Peer}"));
        return OwnAnswer.Json(
            new ReloadDocument(result.Errors, result.Changes, result.AtNextStart),
            ReloadJson.Default.ReloadDocument) with
        {
            Status = result.Errors.Count == 0
                ? StatusCodes.Status200OK
                : StatusCodes.Status422UnprocessableEntity,
        };
    }
}

/// <summary>What a reload has done.</summary>
/// <param name="Errors">Why nothing has changed; empty where it has succeeded.</param>
/// <param name="Changes">A line for each difference to what was in effect before.</param>
/// <param name="AtNextStart">Those of the changed keys that take effect at the next start.</param>
internal sealed record ReloadDocument(
    IReadOnlyList<string> Errors, IReadOnlyList<string> Changes, IReadOnlyList<string> AtNextStart);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ReloadDocument))]
internal sealed partial class ReloadJson : JsonSerializerContext;
