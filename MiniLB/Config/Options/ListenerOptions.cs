namespace MiniLB.Config.Options;

/// <summary>One address on which clients are served.</summary>
internal sealed record ListenerOptions
{
    public required ListenAddress Address { get; init; }

    /// <summary>Whether HTTP/2 with prior knowledge is served beside HTTP/1.1.</summary>
    public bool Http2 { get; init; } = true;
}
