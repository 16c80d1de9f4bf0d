namespace MiniLB.Config.Options;

/// <summary>How a pool's backends are probed.</summary>
internal sealed record HealthCheckOptions
{
    public bool Enabled { get; init; } = true;

    public ProbeType Type { get; init; } = ProbeType.Http;

    /// <summary>Null probes / and takes any status below 500 for alive.</summary>
    public string? Path { get; init; }

    public string Method { get; init; } = "GET";

    /// <summary>The probe's Host field; null sends the backend's own host and port.</summary>
    public string? Host { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Port to probe where it is not the backend's own.</summary>
    public int? Port { get; init; }

    /// <summary>Between probes of a backend that is up; 10 s as in the programs that MiniLB replaces.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between probes of a backend that is down. One that has not been up yet is probed thirty times at the
    /// fast interval first.</summary>
    public TimeSpan DownInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between probes while rise or fall is being counted (HAProxy's fastinter).</summary>
    public TimeSpan FastInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Share by which each wait is shortened or lengthened at random, so that probes spread.</summary>
    public double Jitter { get; init; } = 0.1;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Passes in a row that bring a backend up (HAProxy).</summary>
    public int Rise { get; init; } = 2;

    /// <summary>Failures in a row that take a backend down (HAProxy).</summary>
    public int Fall { get; init; } = 3;

    /// <summary>Accepted statuses; null means below 500 without a path, 200 to 399 with one.</summary>
    public StatusSet? Status { get; init; }

    /// <summary>Text that the first 64 KiB of the answer must contain.</summary>
    public string? Body { get; init; }

    public InitialHealth Initial { get; init; } = InitialHealth.Probe;

    /// <summary>The statuses that count as alive, the default worked out.</summary>
    public StatusSet AcceptedStatuses => Status ?? (Path is null ? StatusSet.Below500 : StatusSet.SuccessOrRedirect);
}

/// <summary>What a probe does.</summary>
internal enum ProbeType
{
    Http,

    /// <summary>Connects and hangs up.</summary>
    Tcp,
}

/// <summary>A backend's state before its first probe.</summary>
internal enum InitialHealth
{
    /// <summary>The first result alone decides.</summary>
    Probe,
    Up,
    Down,
}
