using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MiniLB.Admin;

/// <summary>An answer that MiniLB gives itself.</summary>
internal sealed record OwnAnswer(int Status, string? ContentType, byte[] Body)
{
    /// <summary>What else stands in the head.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; } = [];

    public static readonly OwnAnswer NoContent = new(StatusCodes.Status204NoContent, null, []);

    /// <summary>Writes the body piece by piece in place of <see cref="Body"/>; null where that is the body.</summary>
    public Action<IBufferWriter<byte>>? Pieces { get; init; }

    /// <summary>Called once it was sent, or cannot be; null where nobody waits for that.</summary>
    public Action? Sent { get; init; }

    public static OwnAnswer Json<T>(T document, JsonTypeInfo<T> type) =>
        new(StatusCodes.Status200OK, "application/json", JsonSerializer.SerializeToUtf8Bytes(document, type));
}
