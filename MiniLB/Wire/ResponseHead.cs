namespace MiniLB.Wire;

/// <summary>A response head: as a backend sent it, or as MiniLB answers by itself. Reused.</summary>
internal sealed class ResponseHead
{
    public FieldList Fields { get; } = new();

    public int Status { get; set; } = 200;

    /// <summary>Null for the status's own phrase.</summary>
    public string? Reason { get; set; }

    /// <summary>0 for HTTP/1.0, else 1.</summary>
    public int MinorVersion { get; set; } = 1;

    public BodyFraming Framing { get; set; }

    /// <summary>As announced, also where no body follows; null where nothing was said.</summary>
    public long? ContentLength { get; set; }

    /// <summary>True where the connection may serve another request.</summary>
    public bool KeepsAlive { get; set; }

    public bool IsInterim => Status < 200;

    public void Clear()
    {
        Fields.Clear();
        (Status, Reason, MinorVersion) = (200, null, 1);
        (Framing, ContentLength, KeepsAlive) = (BodyFraming.None, null, false);
    }
}
