using System.Buffers;
using MiniLB.State;

namespace MiniLB.Admin.Metrics;

/// <summary>Shows the counters of this moment to Prometheus.</summary>
internal sealed class MetricsAnswers
{
    private const string TextType = "text/plain; version=0.0.4; charset=utf-8";
    private const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private readonly World _world;
    private readonly ProcessMetrics _process;
    private readonly CertificateMetrics _certificates = new();
    private readonly RefusalMetrics _refusals;
    private readonly DiscoveryMetrics _discovery;
    private readonly PoolMetrics _pools;
    private readonly BackendMetrics _backends;

    public MetricsAnswers(World world, Lifecycle lifecycle)
    {
        var labels = new MetricLabels();
        _world = world;
        _process = new ProcessMetrics(world.Statistics, lifecycle);
        _refusals = new RefusalMetrics(world.Statistics.Refusals);
        _discovery = new DiscoveryMetrics(world.Statistics.Sources);
        _pools = new PoolMetrics(world.Statistics, labels);
        _backends = new BackendMetrics(world.Statistics, labels);
    }

    /// <param name="accept">What the asker would like; null where it does not say.</param>
    public OwnAnswer Answer(string? accept)
    {
        // Whoever knows OpenMetrics names it, and prefers it to text.
        var isOpenMetrics = accept is not null
            && accept.Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);
        return new OwnAnswer(StatusCodes.Status200OK, isOpenMetrics ? OpenMetricsType : TextType, [])
        {
            Pieces = output => Write(output, isOpenMetrics),
        };
    }

    private void Write(IBufferWriter<byte> output, bool isOpenMetrics)
    {
        var writer = new MetricWriter(output, isOpenMetrics);
        var world = _world.Current;
        var pools = world.Pools;
        _process.Write(writer);
        _certificates.Write(writer, world.Options);
        _refusals.Write(writer);
        _pools.Write(writer, pools);
        _backends.Write(writer, pools);
        _discovery.Write(writer, world.Options);
        writer.End();
    }
}
