namespace MiniLB.Config.Options;

/// <summary>The address for operators: liveness, readiness and the health document.</summary>
internal sealed record AdminOptions
{
    public static readonly ListenAddress DefaultAddress =
        ListenAddress.TryParse("127.0.0.1:9901", out var address) ? address : throw new InvalidOperationException();

    /// <summary>Loopback or unix, or any other where there is a token; null (written off) opens none.</summary>
    public ListenAddress? Address { get; init; } = DefaultAddress;

    /// <summary>The secret that requests have to bring; null where whoever reaches the address may ask.</summary>
    public string? Token { get; init; }

    /// <summary>Host names served beside localhost and the loopback literals.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Permission bits of the unix socket.</summary>
    public UnixFileMode Mode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Null where it is spoken to without TLS.</summary>
    public ListenerTlsOptions? Tls { get; init; }

    /// <summary>True where /metrics needs no token.</summary>
    public bool PublicMetrics { get; init; }
}
