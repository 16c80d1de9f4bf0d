using System.Globalization;

namespace MiniLB.Load.Self;

/// <summary>Writes the configuration of the balancer before the sample backends.</summary>
internal static class SystemConfig
{
    /// <param name="backends">All of them.</param>
    /// <param name="settings">How the balancer picks, and how much it gives each.</param>
    /// <param name="variant">0 for all backends with the same weight and no routes; each other number changes weights,
    /// backends and a route.</param>
    public static string Write(IReadOnlyList<SampleBackend> backends, SystemSettings settings, int variant)
    {
        var left = variant % 2 == 0 ? backends : backends.SkipLast(1);
        var list = string.Join(", ", left.Select((b, i) => string.Create(CultureInfo.InvariantCulture,
            $$"""{ "url": "http://{{b.Address}}", "weight": {{(variant == 0 ? 1 : 1 + ((i + variant) % 3))}}, "maxInFlight": {{settings.AtOnce}} }""")));
        var routes = variant == 0
            ? ""
            : $$"""[{ "path": "/reload-{{variant}}/*", "pool": "default" }, { "pool": "default" }]""";
        // Backends that come back are to be seen within a run of some seconds.
        return $$"""
            {
              "listeners": [{ "address": "127.0.0.1:0" }],
              "admin": { "address": "127.0.0.1:0" },
              "accessLog": { "format": "off" },
              "pools": {
                "default": {
                  "strategy": "{{settings.Strategy}}",
                  "healthCheck": { "interval": "1s", "downInterval": "1s" },
                  "backends": [{{list}}]
                }
              },
              "routes": {{(routes.Length == 0 ? "[]" : routes)}}
            }
            """;
    }
}
