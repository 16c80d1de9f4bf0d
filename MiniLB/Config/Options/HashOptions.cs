namespace MiniLB.Config.Options;

/// <summary>What a hashing strategy hashes, and how far above its share a backend may be loaded.</summary>
internal sealed record HashOptions
{
    public HashKeySource Source { get; init; } = HashKeySource.ClientIp;

    /// <summary>The name of the header or the cookie, where one of them is the source.</summary>
    public string Name { get; init; } = "";

    /// <summary>Requests in flight at a backend as a multiple of its share, above which the next one is taken; 0 means
    /// no bound. HAProxy advises 1.25 to 2.</summary>
    public double BoundedLoad { get; init; }
}

/// <summary>Where the key of a hash comes from.</summary>
internal enum HashKeySource
{
    /// <summary>The client's address after trusted proxies: IPv4 whole, IPv6 by its first 64 bits.</summary>
    ClientIp,

    /// <summary>The path as sent, without its query.</summary>
    Path,
    Header,
    Cookie,
}
