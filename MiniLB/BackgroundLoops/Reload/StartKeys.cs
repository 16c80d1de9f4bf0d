using MiniLB.Config.Options;

namespace MiniLB.BackgroundLoops.Reload;

/// <summary>The few keys that are read when the process starts, and not again.</summary>
internal static class StartKeys
{
    /// <returns>Those that a reload has changed.</returns>
    public static IReadOnlyList<string> Changed(BalancerOptions before, BalancerOptions after)
    {
        var keys = new List<string>();
        AddWhere(before.Log.Json != after.Log.Json, "log.format");
        AddWhere(before.Tracing.Enabled != after.Tracing.Enabled, "tracing.enabled");
        AddWhere(before.Tracing.Otlp != after.Tracing.Otlp, "tracing.otlp");
        return keys;

        void AddWhere(bool isChanged, string key)
        {
            if (isChanged)
            {
                keys.Add(key);
            }
        }
    }
}
