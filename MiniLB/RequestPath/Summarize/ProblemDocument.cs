using System.Text.Json.Serialization;

namespace MiniLB.RequestPath.Summarize;

/// <summary>The body of a problem answer: application/problem+json (RFC 9457).</summary>
/// <param name="Detail">What would have been right; left out where there is nothing to add.</param>
internal sealed record ProblemDocument(
    string Type,
    string Title,
    int Status,
    string RequestId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProblemDocument))]
internal sealed partial class ProblemJson : JsonSerializerContext;
