using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>Gives the top-level keys of a configuration their meaning; every error goes into the section's
/// list.</summary>
internal static class OptionsBinder
{
    public static BalancerOptions Bind(ConfigNode? root, ConfigErrors errors)
    {
        var defaults = new BalancerOptions();
        var section = new ConfigSection(root, "", errors);
        var options = new BalancerOptions
        {
            Listeners = ListenerBinder.Bind(
                section, root?.Find("trustedProxies")?.Value is { Items.Count: > 0 }),
            StatusPath = section.Optional(
                "statusPath", defaults.StatusPath, TryParsePath, "a path such as /health, or null"),
            StatusDetail = section.Word("statusDetail", defaults.StatusDetail,
                ("all", StatusDetail.All), ("private", StatusDetail.Private), ("none", StatusDetail.None)),
            Admin = AdminBinder.Bind(section.Section("admin")),
            Pools = Pools(section),
            Routes = RouteBinder.Bind(section),
            Headers = HeaderRuleBinder.Bind(section.Section("headers")),
            TrustedProxies = Networks(section, "trustedProxies"),
            Access = Access(section.Section("access")),
            RateLimit = RateLimitBinder.Bind(section, "rateLimit"),
            Limits = Limits(section.Section("limits")),
            Timeouts = Timeouts(section.Section("timeouts")),
            Log = Log(section.Section("log")),
            AccessLog = LogBinder.AccessLog(section.Section("accessLog")),
            Tracing = LogBinder.Tracing(section.Section("tracing")),
            Shutdown = Shutdown(section.Section("shutdown")),
        };
        section.RejectUnknownKeys();
        return options with
        {
            Effective = new EffectiveConfig(errors.Trace.Root),
            Files = [.. errors.Files.Distinct()],
            Written = root,
        };
    }

    internal static bool TryParsePath(string text, out string path)
    {
        path = text;
        return text.StartsWith('/') && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
    }

    private static List<PoolOptions> Pools(ConfigSection section)
    {
        section.Errors.Trace.Note(new KeyShape("pools", KeyKind.Names, "", null));
        List<PoolOptions> pools = [.. section.Members("pools").Select(m => PoolBinder.Bind(m, section.Errors))];
        if (pools.Count == 0)
        {
            section.Errors.Add(section.Node("pools")?.Origin ?? new ConfigOrigin("configuration"), "pools",
                "no backend is configured; give --backend http://HOST:PORT or pools.default.backends");
        }

        return pools;
    }

    private static AccessOptions Access(ConfigSection section)
    {
        var options = new AccessOptions { Allow = Networks(section, "allow"), Deny = Networks(section, "deny") };
        section.RejectUnknownKeys();
        return options;
    }

    private static CidrSet Networks(ConfigSection section, string key)
    {
        var networks = section.List<object>(key, (string text, out object network) =>
        {
            var parsed = CidrSet.TryParseNetwork(text, out var value);
            network = value;
            return parsed;
        }, CidrSet.Expected);
        return networks.Count == 0 ? CidrSet.Empty : new CidrSet([.. networks.Cast<System.Net.IPNetwork>()]);
    }

    private static LimitOptions Limits(ConfigSection section)
    {
        var defaults = new LimitOptions();
        var options = new LimitOptions
        {
            Connections = section.Count("connections", defaults.Connections),
            ConnectionsPerClient = section.Count("connectionsPerClient", defaults.ConnectionsPerClient),
            InFlight = section.Count("inFlight", defaults.InFlight),
            Headers = section.Count("headers", defaults.Headers, least: 1),
            HeaderBytes = HeadSize(section, "headerBytes", defaults.HeaderBytes),
            RequestLine = HeadSize(section, "requestLine", defaults.RequestLine),
            Body = section.Size("body", defaults.Body),
            MinBodyRate = section.Size("minBodyRate", defaults.MinBodyRate),
            Http2Streams = section.Count("http2Streams", defaults.Http2Streams, least: 1),
        };
        section.RejectUnknownKeys();
        return options;
    }

    // A head is held in memory until it is complete, so it cannot go without a limit.
    internal static long HeadSize(ConfigSection section, string key, long fallback) => section.Value(key, fallback,
        (string text, out long value) => ByteSize.TryParse(text, out value) && value is >= 256 and <= 16 * 1024 * 1024,
        "a size from 256 to 16MiB");

    private static ClientTimeoutOptions Timeouts(ConfigSection section)
    {
        var defaults = new ClientTimeoutOptions();
        var options = new ClientTimeoutOptions
        {
            Read = section.Duration("read", defaults.Read),
            Write = section.Duration("write", defaults.Write),
            Idle = section.Duration("idle", defaults.Idle),
        };
        section.RejectUnknownKeys();
        return options;
    }

    private static LogOptions Log(ConfigSection section)
    {
        var options = new LogOptions
        {
            Level = section.Word("level", LogLevel.Information, ("debug", LogLevel.Debug),
                ("information", LogLevel.Information), ("warning", LogLevel.Warning), ("error", LogLevel.Error)),
            Json = section.Word("format", false, ("text", false), ("json", true)),
        };
        section.RejectUnknownKeys();
        return options;
    }

    private static ShutdownOptions Shutdown(ConfigSection section)
    {
        var defaults = new ShutdownOptions();
        var options = new ShutdownOptions
        {
            Delay = section.Duration("delay", defaults.Delay),
            Grace = section.Duration("grace", defaults.Grace),
            HandOver = section.Duration("handOver", defaults.HandOver),
        };
        section.RejectUnknownKeys();
        return options;
    }
}
