using System.Text.Json;
using MiniLB.Config.Options;

namespace MiniLB.Admin;

/// <summary>Reads the bodies of commands.</summary>
internal static class CommandBody
{
    private static readonly AdminRefusal NoContent = AdminRefusal.Body("Send no body, or {}");

    private static readonly AdminRefusal NoWeight = AdminRefusal.Body(
        $$"""Send a whole number from 1 to {{BackendOptions.MostWeight}}, or { "weight": 3 }""");

    /// <returns>Null where the body says nothing.</returns>
    public static AdminRefusal? RefuseContent(byte[] body) =>
        body.Length == 0 || Parse(body) is { ValueKind: JsonValueKind.Object } json && json.GetPropertyCount() == 0
            ? null
            : NoContent;

    /// <returns>Null and the weight, or what would be accepted.</returns>
    public static AdminRefusal? RefuseWeight(byte[] body, out int weight)
    {
        weight = 0;
        var json = Parse(body);
        if (json.ValueKind == JsonValueKind.Object && json.GetPropertyCount() == 1
            && json.TryGetProperty("weight", out var member))
        {
            json = member;
        }

        return json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out weight)
            && weight is >= 1 and <= BackendOptions.MostWeight
                ? null
                : NoWeight;
    }

    /// <returns>An undefined element where it is no JSON.</returns>
    private static JsonElement Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
