using System.Runtime.CompilerServices;
using System.Text;
using MiniLB.State;

namespace MiniLB.Admin.Metrics;

/// <summary>The labels of pools and backends, encoded once for as long as those are there.</summary>
internal sealed class MetricLabels
{
    private readonly ConditionalWeakTable<TrafficRecord, byte[]> _encoded = [];

    public byte[] Of(PoolSnapshot pool) =>
        Of(pool.Traffic, pool, static (p, _) => $"pool=\"{Escaped(p.Options.Name)}\"", null);

    public byte[] Of(PoolSnapshot pool, Backend backend) => Of(
        backend.Counters.Traffic, pool,
        static (p, b) => $"pool=\"{Escaped(p.Options.Name)}\",backend=\"{Escaped(b!.Url)}\"", backend);

    public static string Escaped(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    private byte[] Of(
        TrafficRecord key, PoolSnapshot pool, Func<PoolSnapshot, Backend?, string> text, Backend? backend)
    {
        if (!_encoded.TryGetValue(key, out var labels))
        {
            labels = Encoding.UTF8.GetBytes(text(pool, backend));
            _encoded.AddOrUpdate(key, labels);
        }

        return labels;
    }
}
