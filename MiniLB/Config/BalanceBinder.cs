using System.Globalization;
using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>Gives those keys of a pool their meaning that say where a request goes: picking, retrying, leaving
/// alone.</summary>
internal static class BalanceBinder
{
    private static readonly (string, StrategyName)[] StrategyNames =
    [
        ("roundRobin", StrategyName.RoundRobin),
        ("leastConnections", StrategyName.LeastConnections),
        ("ipHash", StrategyName.IpHash),
        ("consistentHash", StrategyName.ConsistentHash),
        ("random", StrategyName.Random),
        ("powerOfTwo", StrategyName.PowerOfTwo),
        ("peakEwma", StrategyName.PeakEwma),
    ];

    public static StrategyName Strategy(ConfigSection pool, StrategyName fallback) =>
        pool.Word("strategy", fallback, StrategyNames);

    public static HashOptions Hash(ConfigSection pool, StrategyName strategy)
    {
        var section = pool.Section("hash");
        var defaults = new HashOptions();
        var options = section.Value("key", defaults, TryParseKey,
            "clientIp, path, header:NAME or cookie:NAME", KeyText) with
        {
            BoundedLoad = section.Value("boundedLoad", defaults.BoundedLoad, TryParseFactor,
                "off, or a factor above 1 such as 1.25"),
        };
        section.RejectUnknownKeys();
        if (pool.Node("strategy") is { } written && written.Text != Word(strategy))
        {
            return options; // nobody knows which strategy was meant
        }

        if (section.Node("key") is not null)
        {
            RequireStrategy(section, "key", strategy, StrategyName.ConsistentHash);
        }

        if (options.BoundedLoad > 0)
        {
            RequireStrategy(section, "boundedLoad", strategy, StrategyName.ConsistentHash, StrategyName.IpHash);
        }

        return options;
    }

    // A key that is read and changes nothing would leave its author in error.
    private static void RequireStrategy(
        ConfigSection section, string key, StrategyName strategy, params StrategyName[] wanted)
    {
        if (!wanted.Contains(strategy))
        {
            section.Errors.Add(section.Node(key)!.Origin, section.PathOf(key),
                $"has no effect with strategy {Word(strategy)}, only with "
                + string.Join(" and ", wanted.Select(Word)));
        }
    }

    private static string Word(StrategyName strategy) => Array.Find(StrategyNames, n => n.Item2 == strategy).Item1;

    public static EjectionOptions Ejection(ConfigSection section)
    {
        var defaults = new EjectionOptions();
        var options = new EjectionOptions
        {
            Enabled = section.Flag("enabled", defaults.Enabled),
            Failures = section.Count("failures", defaults.Failures, least: 1),
            BaseTime = section.PositiveDuration("baseTime", defaults.BaseTime),
            MaxTime = section.PositiveDuration("maxTime", defaults.MaxTime),
            MaxPercent = section.Count("maxPercent", defaults.MaxPercent, least: 0, most: 100),
        };
        section.RejectUnknownKeys();
        return options;
    }

    public static CircuitBreakerOptions CircuitBreaker(ConfigSection section)
    {
        var defaults = new CircuitBreakerOptions();
        var options = new CircuitBreakerOptions
        {
            Enabled = section.Flag("enabled", defaults.Enabled),
            FailureRatio = section.Value("failureRatio", defaults.FailureRatio, TryParseRatio,
                "a number above 0, at most 1"),
            MinRequests = section.Count("minRequests", defaults.MinRequests, least: 1),
            Window = section.PositiveDuration("window", defaults.Window),
            OpenFor = section.PositiveDuration("openFor", defaults.OpenFor),
            Trials = section.Count("trials", defaults.Trials, least: 1),
        };
        section.RejectUnknownKeys();
        return options;
    }

    public static RetryOptions Retry(ConfigSection section)
    {
        var defaults = new RetryOptions();
        var options = new RetryOptions
        {
            Attempts = section.Count("attempts", defaults.Attempts, least: 1, most: 100),
            Backoff = section.Duration("backoff", defaults.Backoff),
            MaxBackoff = section.Duration("maxBackoff", defaults.MaxBackoff),
            Budget = section.Fraction("budget", defaults.Budget),
            Statuses = Statuses(section),
            MaxBody = section.Value("maxBody", defaults.MaxBody,
                (string text, out long value) => ByteSize.TryParse(text, out value) && value <= 16 * 1024 * 1024,
                "a size up to 16MiB"),
        };
        section.RejectUnknownKeys();
        return options;
    }

    public static QueueOptions Queue(ConfigSection section)
    {
        var defaults = new QueueOptions();
        var options = new QueueOptions
        {
            Size = section.Count("size", defaults.Size),
            Timeout = section.Duration("timeout", defaults.Timeout),
        };
        section.RejectUnknownKeys();
        return options;
    }

    public static StickySessionOptions StickySession(ConfigSection section)
    {
        var defaults = new StickySessionOptions();
        var options = new StickySessionOptions
        {
            Enabled = section.Flag("enabled", defaults.Enabled),
            Cookie = section.Value("cookie", defaults.Cookie, HeaderText.TryParseName, "a cookie name"),
            MaxAge = section.Optional("maxAge", defaults.MaxAge, TryParseMaxAge,
                "a duration of whole seconds such as 10s, 5m or 1h, or null"),
            Secret = section.Optional("secret", defaults.Secret, PoolBinder.TryParseAnyText, "a text, or null"),
        };
        section.RejectUnknownKeys();
        return options;
    }

    // A list, as design and peers write it, or one text of ranges as healthCheck.status has it.
    private static StatusSet? Statuses(ConfigSection section)
    {
        var statuses = section.ListOrValue<StatusSet>("statuses", StatusSet.TryParse, StatusSet.Expected);
        return statuses.Count == 0 ? null : StatusSet.Union(statuses);
    }

    // Cookies count whole seconds, and one of 0 is deleted at once.
    private static bool TryParseMaxAge(string text, out TimeSpan? value)
    {
        var parsed = Duration.TryParsePositive(text, out var time) && time.Ticks % TimeSpan.TicksPerSecond == 0;
        value = parsed ? time : null;
        return parsed;
    }

    private static bool TryParseKey(string text, out HashOptions hash)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (kind, name) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        hash = new HashOptions
        {
            Name = name,
            Source = kind switch
            {
                "clientIp" => HashKeySource.ClientIp,
                "path" => HashKeySource.Path,
                "header" => HashKeySource.Header,
                _ => HashKeySource.Cookie,
            },
        };
        return kind is "header" or "cookie"
            ? HeaderText.TryParseName(name, out _)
            : kind is "clientIp" or "path" && colon < 0;
    }

    private static string KeyText(HashOptions hash) => hash.Source switch
    {
        HashKeySource.ClientIp => "clientIp",
        HashKeySource.Path => "path",
        HashKeySource.Header => $"header:{hash.Name}",
        _ => $"cookie:{hash.Name}",
    };

    private static bool TryParseFactor(string text, out double factor)
    {
        factor = 0;
        return text is "off" or "false" or "0"
            || (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out factor)
                && factor is > 1 and <= 100);
    }

    private static bool TryParseRatio(string text, out double ratio) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out ratio)
        && ratio is > 0 and <= 1;
}
