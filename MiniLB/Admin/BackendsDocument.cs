using System.Text.Json.Serialization;

namespace MiniLB.Admin;

/// <summary>All pools and their backends, in the configured order.</summary>
internal sealed record BackendsDocument(IReadOnlyList<PoolDocument> Pools);

/// <summary>One pool and its backends.</summary>
/// <param name="Waiting">Requests that wait because every backend has its maxInFlight.</param>
internal sealed record PoolDocument(string Pool, int Waiting, IReadOnlyList<BackendDocument> Backends);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(BackendsDocument))]
internal sealed partial class BackendsJson : JsonSerializerContext;
