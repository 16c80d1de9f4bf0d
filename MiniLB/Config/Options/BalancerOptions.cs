namespace MiniLB.Config.Options;

/// <summary>Everything that the operator wrote, with defaults where nothing was written. Immutable.</summary>
internal sealed record BalancerOptions
{
    public IReadOnlyList<ListenerOptions> Listeners { get; init; } = [new() { Address = ListenAddress.Default }];

    /// <summary>The path of the health document on every listener; null turns it off.</summary>
    public string? StatusPath { get; init; } = "/health";

    public StatusDetail StatusDetail { get; init; } = StatusDetail.Private;

    public AdminOptions Admin { get; init; } = new();

    /// <summary>At least one; without routes all traffic goes to the first.</summary>
    public IReadOnlyList<PoolOptions> Pools { get; init; } = [];

    /// <summary>The first that matches counts; what matches none is answered 404.</summary>
    public IReadOnlyList<RouteOptions> Routes { get; init; } = [];

    public HeaderOptions Headers { get; init; } = new();

    public CidrSet TrustedProxies { get; init; } = CidrSet.Empty;

    public AccessOptions Access { get; init; } = new();

    public RateLimitOptions RateLimit { get; init; } = new();

    public LimitOptions Limits { get; init; } = new();

    public ClientTimeoutOptions Timeouts { get; init; } = new();

    public LogOptions Log { get; init; } = new();

    public AccessLogOptions AccessLog { get; init; } = new();

    public TracingOptions Tracing { get; init; } = new();

    public ShutdownOptions Shutdown { get; init; } = new();

    /// <summary>All that clients and backends are shown, each once.</summary>
    public IEnumerable<KeyedCertificate> Certificates => Listeners.Select(l => l.Tls).Append(Admin.Tls)
        .SelectMany(t => t?.Certificates.All ?? [])
        .Concat(Pools.Select(p => p.Tls.Certificate).OfType<KeyedCertificate>())
        .Distinct();

    /// <summary>Certificates and keys that were read for it.</summary>
    public IReadOnlyList<ReadFile> Files { get; init; } = [];

    /// <summary>What it was made of; null where nobody has written it.</summary>
    public ConfigNode? Written { get; init; }

    /// <summary>The same as texts, with where each came from.</summary>
    public EffectiveConfig Effective { get; init; } = EffectiveConfig.Empty;
}

/// <summary>Who sees the list of backends in the health document of a listener.</summary>
internal enum StatusDetail
{
    /// <summary>Clients on loopback, in private ranges or among the trusted proxies.</summary>
    Private,
    All,
    None,
}
