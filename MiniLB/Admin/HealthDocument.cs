using System.Text.Json;
using System.Text.Json.Serialization;
using MiniLB.State;

namespace MiniLB.Admin;

/// <summary>The health document: how many backends there are, how many are up, and which.</summary>
/// <param name="Backends">Left out where the asker may not see it.</param>
internal sealed record HealthDocument(
    int Total,
    int Alive,
    int Dead,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<BackendHealth>? Backends)
{
    /// <returns>200 while at least one backend is up, else 503.</returns>
    public static OwnAnswer Answer(WorldSnapshot world, bool withBackends)
    {
        var backends = withBackends
            ? world.Pools.SelectMany(p => p.All.Select(b => new BackendHealth(b.Url, p[b].IsAlive))).ToArray()
            : null;
        var document = new HealthDocument(world.Total, world.Alive, world.Total - world.Alive, backends);
        var json = JsonSerializer.SerializeToUtf8Bytes(document, HealthJson.Default.HealthDocument);
        var status = world.Alive > 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return new OwnAnswer(status, "application/json", json);
    }
}

/// <summary>One backend in the health document.</summary>
internal sealed record BackendHealth(string Url, bool Alive);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(HealthDocument))]
internal sealed partial class HealthJson : JsonSerializerContext;
