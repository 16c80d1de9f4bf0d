using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.BackgroundLoops.Reload;

/// <summary>Where another configuration comes from.</summary>
/// <param name="Load">Reads all sources again.</param>
/// <param name="File">The file among them whose changes count; null where there is none.</param>
internal sealed record ReloadSource(Func<ConfigErrors, BalancerOptions> Load, Func<string?> File)
{
    /// <summary>What never changes.</summary>
    public static ReloadSource Fixed(BalancerOptions options) => new(_ => options, () => null);
}
