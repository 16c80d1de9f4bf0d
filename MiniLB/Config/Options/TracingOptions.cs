namespace MiniLB.Config.Options;

/// <summary>Traces over several programs, after the W3C's Trace Context.</summary>
internal sealed record TracingOptions
{
    /// <summary>False passes on what clients send of traces, byte for byte.</summary>
    public bool Enabled { get; init; }

    /// <summary>Where spans are sent, in OTLP over HTTP; null sends none.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>The fraction of traces that begin here and are recorded (that of Jaeger's clients is 0.001, that of
    /// OpenTelemetry's 1).</summary>
    public double Sample { get; init; } = 0.1;
}
