using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MiniLB.Admin;

/// <summary>An answer that MiniLB gives itself.</summary>
internal sealed record OwnAnswer(int Status, string? ContentType, byte[] Body)
{
    /// <summary>What else stands in the head.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; } = [];

    public static readonly OwnAnswer NoContent = new(StatusCodes.Status204NoContent, null, []);

    public static OwnAnswer Json<T>(T document, JsonTypeInfo<T> type) =>
        new(StatusCodes.Status200OK, "application/json", JsonSerializer.SerializeToUtf8Bytes(document, type));
}
