namespace MiniLB.Config.Options;

/// <summary>Whether a client stays with the backend that it was first given, by a cookie.</summary>
internal sealed record StickySessionOptions
{
    public bool Enabled { get; init; }

    /// <summary>The cookie's name.</summary>
    public string Cookie { get; init; } = "minilb";

    /// <summary>How long the client keeps it; null: until the browser is closed.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Keys the cookie's value; null: it is the same on every node without a secret.</summary>
    public string? Secret { get; init; }
}
