namespace MiniLB.Config.Options;

/// <summary>The program's own log, to standard error.</summary>
internal sealed record LogOptions
{
    public LogLevel Level { get; init; } = LogLevel.Information;

    public bool Json { get; init; }
}

/// <summary>One line per finished request.</summary>
internal sealed record AccessLogOptions
{
    public const string Stdout = "stdout";

    public AccessLogFormat Format { get; init; } = AccessLogFormat.Json;

    /// <summary>A file to append to, or stdout.</summary>
    public string Path { get; init; } = Stdout;

    /// <summary>The fraction of the requests that is written, beside all that fail.</summary>
    public double Sample { get; init; } = 1;

    /// <summary>Names of fields whose values are written, as the client sent them.</summary>
    public IReadOnlyList<string> RequestHeaders { get; init; } = [];

    /// <summary>Names of fields whose values are written, as the client gets them.</summary>
    public IReadOnlyList<string> ResponseHeaders { get; init; } = [];
}

/// <summary>How an access log line is written.</summary>
internal enum AccessLogFormat
{
    Json,

    /// <summary>Apache's and nginx's combined format.</summary>
    Combined,
    Off,
}

/// <summary>How the program stops.</summary>
internal sealed record ShutdownOptions
{
    /// <summary>Between becoming not ready and closing the listeners, for outer balancers to notice.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.Zero;

    /// <summary>For requests in flight; what is left after it is cut (Kubernetes' default).</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For how long, before it becomes not ready, new clients are left unanswered at most while all others are
    /// finished; zero: not at all, because only a virtual address needs it.</summary>
    public TimeSpan HandOver { get; init; } = TimeSpan.Zero;
}
