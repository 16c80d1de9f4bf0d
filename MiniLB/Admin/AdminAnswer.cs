namespace MiniLB.Admin;

/// <summary>What the admin address says to a request: a document, or why there is none.</summary>
internal sealed record AdminAnswer(OwnAnswer? Document, AdminRefusal? Refusal)
{
    public static implicit operator AdminAnswer(OwnAnswer document) => new(document, null);

    public static implicit operator AdminAnswer(AdminRefusal refusal) => new(null, refusal);
}
