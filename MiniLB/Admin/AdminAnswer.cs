namespace MiniLB.Admin;

/// <summary>What the admin address says to a request: a document, a stream of events, or why there is
/// neither.</summary>
internal sealed record AdminAnswer(OwnAnswer? Document, EventStream? Stream, AdminRefusal? Refusal)
{
    public static implicit operator AdminAnswer(OwnAnswer document) => new(document, null, null);

    public static implicit operator AdminAnswer(EventStream stream) => new(null, stream, null);

    public static implicit operator AdminAnswer(AdminRefusal refusal) => new(null, null, refusal);
}
