namespace MiniLB.Config.Options;

/// <summary>Which requests go where: all conditions that are given must hold, and the first route that matches
/// counts.</summary>
internal sealed record RouteOptions
{
    /// <summary>See <see cref="RouteHost"/>; null matches every host, and requests that name none.</summary>
    public string? Host { get; init; }

    /// <summary>See <see cref="RoutePath"/>; null matches every path.</summary>
    public string? Path { get; init; }

    /// <summary>None matches every method.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Fields that must be there, with this value or, where that is null, with any.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Headers { get; init; } = [];

    /// <summary>One pool, or several by weight; none where the route redirects.</summary>
    public IReadOnlyList<PoolShare> Pools { get; init; } = [];

    /// <summary>What is cut off the path; null for nothing.</summary>
    public string? StripPrefix { get; init; }

    /// <summary>What is put before the path, after the cut; null for nothing.</summary>
    public string? AddPrefix { get; init; }

    /// <summary>Null where requests go to a pool.</summary>
    public RedirectOptions? Redirect { get; init; }

    public RouteTimeoutOptions Timeouts { get; init; } = new();

    /// <summary>For the route's own requests, in addition to the limit of all.</summary>
    public RateLimitOptions RateLimit { get; init; } = new();
}

/// <summary>A pool's part of a route's requests, relative to the other parts.</summary>
internal readonly record struct PoolShare(string Pool, int Weight);

/// <summary>Where a route sends its clients.</summary>
/// <param name="To">A URL or path, with {host}, {path} and {query} for what was asked for.</param>
/// <param name="Status">308 keeps method and body, and is for good (RFC 9110 section 15.4.9).</param>
internal sealed record RedirectOptions(string To, int Status = 308);

/// <summary>Time limits of a route in place of its pool's; null leaves the pool's.</summary>
internal sealed record RouteTimeoutOptions
{
    public TimeSpan? ResponseHeaders { get; init; }

    public TimeSpan? Idle { get; init; }

    public TimeSpan? Total { get; init; }

    public TimeSpan? Tunnel { get; init; }

    public PoolTimeoutOptions Over(PoolTimeoutOptions pool) => pool with
    {
        ResponseHeaders = ResponseHeaders ?? pool.ResponseHeaders,
        Idle = Idle ?? pool.Idle,
        Total = Total ?? pool.Total,
        Tunnel = Tunnel ?? pool.Tunnel,
    };
}
