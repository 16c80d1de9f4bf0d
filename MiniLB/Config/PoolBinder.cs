using System.Globalization;
using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>Gives the keys of one pool their meaning.</summary>
internal static class PoolBinder
{
    public static PoolOptions Bind(ConfigMember member, ConfigErrors errors)
    {
        var name = NameOf(member);
        errors.Trace.Child("pools", name, $"pools.{name}");
        var section = new ConfigSection(member.Value, $"pools.{name}", errors);
        var defaults = new PoolOptions { Name = name };
        var strategy = BalanceBinder.Strategy(section, defaults.Strategy);
        var options = new PoolOptions
        {
            Name = name,
            Strategy = strategy,
            Hash = BalanceBinder.Hash(section, strategy),
            Backends = section.List("backends", (node, path) => Backend(node, path, errors)),
            Http = section.Word("http", defaults.Http, ("1.1", BackendProtocol.Http11), ("2", BackendProtocol.Http2)),
            HealthCheck = HealthCheck(section.Section("healthCheck")),
            Timeouts = Timeouts(section.Section("timeouts")),
            KeepAlive = KeepAlive(section.Section("keepAlive")),
            Limits = Limits(section.Section("limits")),
            SlowStart = section.Duration("slowStart", defaults.SlowStart),
            Ejection = BalanceBinder.Ejection(section.Section("ejection")),
            CircuitBreaker = BalanceBinder.CircuitBreaker(section.Section("circuitBreaker")),
            Retry = BalanceBinder.Retry(section.Section("retry")),
            StickySession = BalanceBinder.StickySession(section.Section("stickySession")),
            Queue = BalanceBinder.Queue(section.Section("queue")),
        };
        if (section.Node("backends") is null
            or { Items.Count: 0, Kind: ConfigKind.List } or { Text: null, Kind: ConfigKind.Scalar })
        {
            errors.Add(section.Node("backends")?.Origin ?? member.Origin, section.PathOf("backends"),
                "the pool has no backend");
        }
        else if (options.Backends.Count > PoolOptions.MostBackends)
        {
            errors.Add(section.Node("backends")!.Origin, section.PathOf("backends"),
                $"has {options.Backends.Count} backends; a pool has {PoolOptions.MostBackends} at most");
        }

        RejectDuplicates(section, options, errors);
        section.RejectUnknownKeys();
        return options;
    }

    // The environment spells names in capitals; pool names are then taken as lower case.
    internal static string NameOf(ConfigMember member) =>
        member.AnyCase ? member.Name.ToLowerInvariant() : member.Name;

    private static BackendOptions? Backend(ConfigNode node, string path, ConfigErrors errors)
    {
        var section = ConfigSection.OfTextOrMap(node, path, errors, "url", BackendAddress.Expected);
        var urlNode = section.Node("url");
        var url = urlNode is { Kind: ConfigKind.Scalar } ? urlNode.Text : null;
        section.Note("url", url, section.Shape<BackendAddress>(
            "url", KeyKind.Value, BackendAddress.TryParse, BackendAddress.Expected));
        var weight = section.Count("weight", 1, least: 1, most: BackendOptions.MostWeight);
        var maxInFlight = section.Count("maxInFlight", 0);
        var isBackup = section.Flag("backup", false);
        section.RejectUnknownKeys();
        if (urlNode is null || url is null)
        {
            errors.Add(
                urlNode?.Origin ?? node.Origin, path + ".url", $"is missing; expected {BackendAddress.Expected}");
            return null;
        }

        if (BackendAddress.Parse(url, out var address) is { } problem)
        {
            errors.Add(urlNode.Origin, path + ".url", problem);
            return null;
        }

        return new BackendOptions
        {
            Url = url,
            Address = address,
            Weight = weight,
            MaxInFlight = maxInFlight,
            IsBackup = isBackup,
        };
    }

    // Two entries for one server would be probed, counted and retried as if they could fail apart.
    private static void RejectDuplicates(ConfigSection section, PoolOptions options, ConfigErrors errors)
    {
        foreach (var group in options.Backends.GroupBy(b => b.Address).Where(g => g.Count() > 1))
        {
            errors.Add(section.Node("backends")!.Origin, section.PathOf("backends"),
                $"'{group.Key.Authority}' is listed {group.Count()} times; use weight for a larger share");
        }
    }

    private static HealthCheckOptions HealthCheck(ConfigSection section)
    {
        var defaults = new HealthCheckOptions();
        var options = new HealthCheckOptions
        {
            Enabled = section.Flag("enabled", defaults.Enabled),
            Type = section.Word("type", defaults.Type, ("http", ProbeType.Http), ("tcp", ProbeType.Tcp)),
            Path = section.Optional(
                "path", defaults.Path, OptionsBinder.TryParsePath, "a path such as /healthz, or null"),
            Method = section.Value("method", defaults.Method, HeaderText.TryParseName, "a method such as GET"),
            Host = section.Optional("host", defaults.Host, HeaderText.TryParseValue, "a host name"),
            Headers = HeaderText.Map(section, "headers", HeaderText.TryParseName, HeaderText.ExpectedName),
            Port = section.Optional("port", defaults.Port, TryParsePort, "a whole number from 1 to 65535"),
            Interval = section.PositiveDuration("interval", defaults.Interval),
            DownInterval = section.PositiveDuration("downInterval", defaults.DownInterval),
            FastInterval = section.PositiveDuration("fastInterval", defaults.FastInterval),
            Jitter = section.Fraction("jitter", defaults.Jitter),
            Timeout = section.PositiveDuration("timeout", defaults.Timeout),
            Rise = section.Count("rise", defaults.Rise, least: 1),
            Fall = section.Count("fall", defaults.Fall, least: 1),
            Status = section.Optional("status", defaults.Status, StatusSet.TryParse, StatusSet.Expected),
            Body = section.Optional("body", defaults.Body, TryParseAnyText, "a text"),
            Initial = section.Word("initial", defaults.Initial, ("probe", InitialHealth.Probe),
                ("up", InitialHealth.Up), ("down", InitialHealth.Down)),
        };
        section.RejectUnknownKeys();
        return options;
    }

    private static bool TryParsePort(string text, out int? port)
    {
        port = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
        return port is >= 1 and <= 65535;
    }

    internal static bool TryParseAnyText(string text, out string value)
    {
        value = text;
        return text.Length > 0;
    }

    private static PoolTimeoutOptions Timeouts(ConfigSection section)
    {
        var defaults = new PoolTimeoutOptions();
        var options = new PoolTimeoutOptions
        {
            Connect = section.PositiveDuration("connect", defaults.Connect),
            ResponseHeaders = section.Duration("responseHeaders", defaults.ResponseHeaders),
            Idle = section.Duration("idle", defaults.Idle),
            Total = section.Duration("total", defaults.Total),
            Tunnel = section.Duration("tunnel", defaults.Tunnel),
        };
        section.RejectUnknownKeys();
        return options;
    }

    private static KeepAliveOptions KeepAlive(ConfigSection section)
    {
        var defaults = new KeepAliveOptions();
        var options = new KeepAliveOptions
        {
            Idle = section.Duration("idle", defaults.Idle),
            Lifetime = section.Duration("lifetime", defaults.Lifetime),
        };
        section.RejectUnknownKeys();
        return options;
    }

    private static PoolLimitOptions Limits(ConfigSection section)
    {
        var defaults = new PoolLimitOptions();
        var options = new PoolLimitOptions
        {
            ResponseHeaders = section.Count("responseHeaders", defaults.ResponseHeaders, least: 1),
            ResponseHeaderBytes = OptionsBinder.HeadSize(section, "responseHeaderBytes", defaults.ResponseHeaderBytes),
        };
        section.RejectUnknownKeys();
        return options;
    }
}
