using System.Text.Json.Serialization;

namespace MiniLB.RequestPath.Summarize;

/// <summary>The body of a problem answer: application/problem+json (RFC 9457).</summary>
internal sealed record ProblemDocument(string Type, string Title, int Status, string RequestId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProblemDocument))]
internal sealed partial class ProblemJson : JsonSerializerContext;
