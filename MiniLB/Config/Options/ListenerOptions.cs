namespace MiniLB.Config.Options;

/// <summary>One address on which clients are served.</summary>
internal sealed record ListenerOptions
{
    public required ListenAddress Address { get; init; }
}
