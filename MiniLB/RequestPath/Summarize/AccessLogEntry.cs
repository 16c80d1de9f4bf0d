namespace MiniLB.RequestPath.Summarize;

/// <summary>The facts of one finished request, not formatted yet: formatting is the writer thread's work.</summary>
internal struct AccessLogEntry
{
    public DateTime Time;
    public string Client;
    public string Method;
    public string Target;
    public string Protocol;
    public int Status;
    public long BytesIn;
    public long BytesOut;
    public TimeSpan Duration;

    /// <summary>Zero where a kept connection was used.</summary>
    public TimeSpan Connect;

    /// <summary>From the start to the response head; negative where none came.</summary>
    public TimeSpan FirstByte;

    public string? Pool;
    public string? Backend;
    public Attempt[] Attempts;
    public string Ended;
    public string RequestId;

    /// <summary>Null where the client came without TLS.</summary>
    public State.TlsSession? Tls;

    /// <summary>Null where there are no traces.</summary>
    public string? TraceId;
    public string? Referer;
    public string? UserAgent;

    /// <summary>Values of the fields that the operator wants, in the order of their names; null where there are
    /// none.</summary>
    public string?[]? RequestHeaders;

    public string?[]? ResponseHeaders;
}
