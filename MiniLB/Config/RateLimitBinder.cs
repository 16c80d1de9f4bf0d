using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>Gives the keys of a rateLimit their meaning, at the top and under a route.</summary>
internal static class RateLimitBinder
{
    private const string ExpectedKey = "clientIp, header:NAME or route";

    // An entry takes 16 bytes, and a key two of them.
    private const int MostKeys = 10_000_000;
    private const int MostBurst = 1_000_000;

    public static RateLimitOptions Bind(ConfigSection parent, string name)
    {
        var section = parent.Section(name);
        var defaults = new RateLimitOptions();
        var enabled = section.Flag("enabled", defaults.Enabled);
        var options = section.Value("key", defaults, TryParseKey, ExpectedKey, KeyText) with
        {
            Enabled = enabled,
            Rate = section.Value("rate", defaults.Rate, Rate.TryParse, Rate.Expected, r => r.ToString()),
            Burst = section.Count("burst", defaults.Burst, least: 1, most: MostBurst),
            MaxKeys = section.Count("maxKeys", defaults.MaxKeys, least: 1, most: MostKeys),
            DryRun = section.Flag("dryRun", defaults.DryRun),
        };
        section.RejectUnknownKeys();
        if (parent.Node(name) is { Kind: ConfigKind.Map, Members.Count: > 0 } node && section.Node("enabled") is null)
        {
            section.Errors.Warn(node.Origin, section.Path, "has no effect without enabled: true");
        }

        return options;
    }

    private static bool TryParseKey(string text, out RateLimitOptions options)
    {
        const string header = "header:";
        var isHeader = text.StartsWith(header, StringComparison.Ordinal);
        options = new RateLimitOptions
        {
            Key = isHeader ? RateLimitKey.Header : text == "route" ? RateLimitKey.Route : RateLimitKey.ClientIp,
            Header = isHeader ? text[header.Length..] : "",
        };
        return isHeader ? HeaderText.TryParseName(options.Header, out _) : text is "clientIp" or "route";
    }

    private static string KeyText(RateLimitOptions options) => options.Key switch
    {
        RateLimitKey.ClientIp => "clientIp",
        RateLimitKey.Route => "route",
        _ => $"header:{options.Header}",
    };
}
