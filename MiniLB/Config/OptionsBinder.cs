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
            Listeners = Listeners(section),
            StatusPath = section.Optional(
                "statusPath", defaults.StatusPath, TryParsePath, "a path such as /health, or null"),
            StatusDetail = section.Word("statusDetail", defaults.StatusDetail,
                ("all", StatusDetail.All), ("private", StatusDetail.Private), ("none", StatusDetail.None)),
            Admin = Admin(section.Section("admin")),
            Pools = Pools(section),
            Headers = HeaderRuleBinder.Bind(section.Section("headers")),
            TrustedProxies = TrustedProxies(section),
            Limits = Limits(section.Section("limits")),
            Timeouts = Timeouts(section.Section("timeouts")),
            Log = Log(section.Section("log")),
            AccessLog = AccessLog(section.Section("accessLog")),
            Shutdown = Shutdown(section.Section("shutdown")),
        };
        section.RejectUnknownKeys();
        return options with { Effective = new EffectiveConfig(errors.Trace.Root) };
    }

    internal static bool TryParsePath(string text, out string path)
    {
        path = text;
        return text.StartsWith('/') && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
    }

    private static IReadOnlyList<ListenerOptions> Listeners(ConfigSection section)
    {
        var listeners = section.List("listeners", (node, path) => Listener(node, path, section.Errors), OneListener());
        if (section.Node("listeners") is { Kind: ConfigKind.List, Items.Count: 0 } empty)
        {
            section.Errors.Add(empty.Origin, "listeners", "has no listener");
        }

        return listeners;
    }

    private static ListenerOptions? Listener(ConfigNode node, string path, ConfigErrors errors)
    {
        var listener = new ConfigSection(node, path, errors);
        var address = listener.Value<ListenAddress>("address", null!, ListenAddress.TryParse, ListenAddress.Expected);
        if (address is null && listener.Node("address") is null)
        {
            errors.Add(node.Origin, path + ".address", $"is missing; expected {ListenAddress.Expected}");
        }

        var http2 = listener.Flag("http2", true);
        listener.RejectUnknownKeys();
        return address is null ? null : new ListenerOptions { Address = address, Http2 = http2 };
    }

    // Where no listener is written.
    private static ConfigNode OneListener()
    {
        var listeners = ConfigNode.List(ConfigOrigin.Default);
        var address = ConfigNode.Scalar(ListenAddress.Default.Text, ConfigOrigin.Default);
        listeners.Set(["0", "address"], address, anyCase: false);
        return listeners;
    }

    private static AdminOptions Admin(ConfigSection section)
    {
        var defaults = new AdminOptions();
        var options = new AdminOptions
        {
            Address = section.Optional<ListenAddress?>("address", defaults.Address, TryParseAdminAddress,
                "a loopback host:port or unix:/path (an address that others can reach would need a token), or off"),
            Hosts = section.List<string>("hosts", TryParseHostName, "a host name without a port"),
            Mode = section.Value("mode", defaults.Mode, TryParseMode, "three octal digits such as \"0600\"",
                mode => "0" + Convert.ToString((int)mode, 8)),
        };
        section.RejectUnknownKeys();
        return options;
    }

    private static bool TryParseAdminAddress(string text, out ListenAddress? address)
    {
        address = null;
        if (text is "off" or "false")
        {
            return true;
        }

        var parsed = ListenAddress.TryParse(text, out var value);
        address = value;
        return parsed && value.IsLocal;
    }

    private static bool TryParseHostName(string text, out string host)
    {
        host = text;
        return Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4;
    }

    private static bool TryParseMode(string text, out UnixFileMode mode)
    {
        mode = default;
        if (text.Length is < 3 or > 4 || text.AsSpan().ContainsAnyExceptInRange('0', '7'))
        {
            return false;
        }

        mode = (UnixFileMode)Convert.ToInt32(text, 8);
        return mode <= (UnixFileMode)Convert.ToInt32("777", 8);
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

        for (var i = 1; i < pools.Count; i++)
        {
            section.Errors.Warn(section.Members("pools")[i].Origin, $"pools.{pools[i].Name}",
                $"receives no traffic: without routes everything goes to the first pool, '{pools[0].Name}'");
        }

        return pools;
    }

    private static CidrSet TrustedProxies(ConfigSection section)
    {
        var networks = section.List<object>("trustedProxies", (string text, out object network) =>
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

    private static AccessLogOptions AccessLog(ConfigSection section)
    {
        var defaults = new AccessLogOptions();
        var options = new AccessLogOptions
        {
            Format = section.Word("format", defaults.Format, ("json", AccessLogFormat.Json),
                ("combined", AccessLogFormat.Combined), ("off", AccessLogFormat.Off), ("false", AccessLogFormat.Off)),
            Path = section.Value("path", defaults.Path, (string text, out string path) =>
            {
                path = text;
                return text.Length > 0;
            }, "a file to append to, or stdout"),
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
        };
        section.RejectUnknownKeys();
        return options;
    }
}
