namespace MiniLB.State;

/// <summary>What a trace tells of one request. How OpenTelemetry calls it is the exporter's matter.</summary>
internal sealed record Span
{
    public required string TraceId { get; init; }

    public required string SpanId { get; init; }

    /// <summary>Null where the trace began here.</summary>
    public string? ParentId { get; init; }

    public string? TraceState { get; init; }

    /// <summary>In UTC.</summary>
    public required DateTime Start { get; init; }

    public required TimeSpan Duration { get; init; }

    public required string Method { get; init; }

    public required string Scheme { get; init; }

    /// <summary>As sent, with its query.</summary>
    public required string Target { get; init; }

    /// <summary>As the client named it, with its port.</summary>
    public required string Host { get; init; }

    /// <summary>1.0, 1.1 or 2.</summary>
    public required string Version { get; init; }

    public required string Client { get; init; }

    public required string Peer { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>0 where nothing was answered.</summary>
    public required int Status { get; init; }

    /// <summary>Null where no backend was asked.</summary>
    public string? Pool { get; init; }

    /// <summary>The last one.</summary>
    public string? Backend { get; init; }

    /// <summary>URL and outcome of each attempt, in their order.</summary>
    public IReadOnlyList<string> Attempts { get; init; } = [];

    /// <summary>The word of the access log.</summary>
    public required string Ended { get; init; }

    /// <summary>True where it is not for the client to do better.</summary>
    public required bool HasFailed { get; init; }

    public required string RequestId { get; init; }
}
