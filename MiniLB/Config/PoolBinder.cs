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
        var section = new ConfigSection(member.Value, $"pools.{name}", errors) { Origin = member.Origin };
        var defaults = new PoolOptions { Name = name };
        var strategy = BalanceBinder.Strategy(section, defaults.Strategy);
        var listed = new PoolOptions
        {
            Name = name,
            Strategy = strategy,
            Hash = BalanceBinder.Hash(section, strategy),
        };
        var options = BackendListBinder.Bind(section, listed) with
        {
            Http = section.Word("http", defaults.Http, ("1.1", BackendProtocol.Http11), ("2", BackendProtocol.Http2),
                ("auto", BackendProtocol.Auto)),
            SendProxyProtocol = section.Word("sendProxyProtocol", defaults.SendProxyProtocol,
                ("off", ProxyProtocolVersion.Off), ("v1", ProxyProtocolVersion.V1), ("v2", ProxyProtocolVersion.V2)),
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
        if (options is { Http: not BackendProtocol.Http11, SendProxyProtocol: not ProxyProtocolVersion.Off })
        {
            errors.Add(section.Node("sendProxyProtocol")!.Origin, section.PathOf("sendProxyProtocol"),
                "needs http: \"1.1\": a PROXY header speaks for one client, and clients share the connections to "
                + "HTTP/2 backends; expected off, or http: \"1.1\"");
        }

        options = options with { Tls = BackendTlsBinder.Bind(section, options) };
        section.RejectUnknownKeys();
        return options;
    }

    // The environment spells names in capitals; pool names are then taken as lower case.
    internal static string NameOf(ConfigMember member) =>
        member.AnyCase ? member.Name.ToLowerInvariant() : member.Name;

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
