namespace MiniLB.Config.Options;

/// <summary>A named set of interchangeable backends and how they are treated.</summary>
internal sealed record PoolOptions
{
    /// <summary>More in one pool are refused: their counters have a fixed place in memory.</summary>
    public const int MostBackends = 16_384;

    public required string Name { get; init; }

    public StrategyName Strategy { get; init; } = StrategyName.RoundRobin;

    public HashOptions Hash { get; init; } = new();

    /// <summary>Those that are listed, those in files, and, in what is in effect, those that <see cref="Sources"/> have
    /// told so far.</summary>
    public IReadOnlyList<BackendOptions> Backends { get; init; } = [];

    /// <summary>Names that are looked up again and again; files are none of them, because they are read with the
    /// configuration.</summary>
    public IReadOnlyList<BackendSource> Sources { get; init; } = [];

    /// <summary>Time over which a backend that returns gets its full share; 0 gives it at once (HAProxy,
    /// nginx).</summary>
    public TimeSpan SlowStart { get; init; } = TimeSpan.Zero;

    public BackendProtocol Http { get; init; } = BackendProtocol.Http11;

    /// <summary>How backends are told the client's address before the first byte of HTTP; off as in HAProxy and
    /// nginx, since a backend that does not expect it takes it for a broken request.</summary>
    public ProxyProtocolVersion SendProxyProtocol { get; init; } = ProxyProtocolVersion.Off;

    public BackendTlsOptions Tls { get; init; } = new();

    public HealthCheckOptions HealthCheck { get; init; } = new();

    public PoolTimeoutOptions Timeouts { get; init; } = new();

    public KeepAliveOptions KeepAlive { get; init; } = new();

    public PoolLimitOptions Limits { get; init; } = new();

    public RetryOptions Retry { get; init; } = new();

    public EjectionOptions Ejection { get; init; } = new();

    public CircuitBreakerOptions CircuitBreaker { get; init; } = new();

    public StickySessionOptions StickySession { get; init; } = new();

    public QueueOptions Queue { get; init; } = new();
}

/// <summary>The version of HTTP that a pool's backends are spoken to in.</summary>
internal enum BackendProtocol
{
    Http11,

    /// <summary>HTTP/2: with prior knowledge over http, by ALPN over https.</summary>
    Http2,

    /// <summary>Over https what each backend chooses by ALPN, HTTP/1.1 over http.</summary>
    Auto,
}

/// <summary>How long backend connections are kept.</summary>
internal sealed record KeepAliveOptions
{
    /// <summary>Idle time after which a kept connection is closed; many servers close at 60 s or later.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Age after which a connection is no longer reused, so that changed names are looked up again.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>Time limits of the exchange with a backend; 0 means none.</summary>
internal sealed record PoolTimeoutOptions
{
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From the last byte of the request body to the response head.</summary>
    public TimeSpan ResponseHeaders { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Without a byte of the response body, or, while the request goes out, without the backend taking
    /// one.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The whole exchange with all its attempts.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.Zero;

    /// <summary>Without a byte in either direction of a tunnel or a gRPC stream (HAProxy's usual setting).</summary>
    public TimeSpan Tunnel { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>How large a response head may be; a larger one is answered 502.</summary>
internal sealed record PoolLimitOptions
{
    /// <summary>Header lines.</summary>
    public int ResponseHeaders { get; init; } = 100;

    /// <summary>Bytes of the head.</summary>
    public long ResponseHeaderBytes { get; init; } = 64 * 1024;
}
