namespace MiniLB.Config.Options;

/// <summary>How many requests one key may make, and what a key is.</summary>
internal sealed record RateLimitOptions
{
    public bool Enabled { get; init; }

    public RateLimitKey Key { get; init; } = RateLimitKey.ClientIp;

    /// <summary>The name of the header, where that is the key.</summary>
    public string Header { get; init; } = "";

    /// <summary>The design's default.</summary>
    public Rate Rate { get; init; } = new(100, TimeSpan.FromSeconds(1));

    /// <summary>Requests that may come at once after a quiet time (the design's default).</summary>
    public int Burst { get; init; } = 100;

    /// <summary>Keys that are told apart at once; each takes 32 bytes, whether it is used or not (the design's
    /// default).</summary>
    public int MaxKeys { get; init; } = 100_000;

    /// <summary>Whether requests over the limit are only counted.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What requests have in common that share a limit.</summary>
internal enum RateLimitKey
{
    /// <summary>The client's address after trusted proxies: IPv4 whole, IPv6 by its first 64 bits.</summary>
    ClientIp,
    Header,

    /// <summary>Nothing: all requests of the limit share it.</summary>
    Route,
}
