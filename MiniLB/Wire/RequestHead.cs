namespace MiniLB.Wire;

/// <summary>A request head as it was read. Reused from request to request of a connection.</summary>
internal sealed class RequestHead
{
    private RepeatedText _targets;

    public FieldList Fields { get; } = new();

    public string Method { get; private set; } = "";

    /// <summary>The target as sent.</summary>
    public string RawTarget { get; private set; } = "";

    /// <summary>0 for HTTP/1.0, else 1.</summary>
    public int MinorVersion { get; set; } = 1;

    public BodyFraming Framing { get; set; }

    /// <summary>Bytes of the body where <see cref="Framing"/> is a length; 0 may be said or left unsaid.</summary>
    public long ContentLength { get; set; }

    /// <summary>True where another request may follow on the connection.</summary>
    public bool KeepsAlive { get; set; }

    public bool ExpectsContinue { get; set; }

    public void Clear()
    {
        Fields.Clear();
        Method = RawTarget = "";
        (MinorVersion, Framing, ContentLength, KeepsAlive, ExpectsContinue) = (1, BodyFraming.None, 0, false, false);
    }

    public void SetMethod(ReadOnlySpan<byte> method) => Method = Methods.Text(method);

    public void SetRawTarget(ReadOnlySpan<byte> target) => RawTarget = _targets.Of(target);
}
