namespace MiniLB.Admin;

/// <summary>An answer that MiniLB gives itself.</summary>
internal sealed record OwnAnswer(int Status, string? ContentType, byte[] Body)
{
    public static readonly OwnAnswer NoContent = new(StatusCodes.Status204NoContent, null, []);
}
