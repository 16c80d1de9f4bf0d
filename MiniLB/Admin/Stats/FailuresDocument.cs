using System.Text.Json.Serialization;
using MiniLB.State;

namespace MiniLB.Admin.Stats;

/// <summary>The last requests that could not be served; the newest first.</summary>
internal sealed record FailuresDocument(IReadOnlyList<FailedRequest> Failures)
{
    public static OwnAnswer Answer(Statistics statistics) => OwnAnswer.Json(
        new FailuresDocument(statistics.Failures.Newest()), FailuresJson.Default.FailuresDocument);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(FailuresDocument))]
internal sealed partial class FailuresJson : JsonSerializerContext;
