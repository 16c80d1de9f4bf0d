using System.IO.Enumeration;
using System.Runtime.InteropServices;
using System.Text;
using MiniLB.State;
using static MiniLB.Admin.Metrics.MetricKind;

namespace MiniLB.Admin.Metrics;

/// <summary>What there is to say about the process.</summary>
internal sealed class ProcessMetrics(Statistics statistics, Lifecycle lifecycle)
{
    private static readonly string[] Generations = ["0", "1", "2"];

    private static readonly byte[] BuildLabels = Encoding.UTF8.GetBytes(
        $"version=\"{MetricLabels.Escaped(ProgramVersion.Text)}\","
        + $"runtime=\"{MetricLabels.Escaped(RuntimeInformation.FrameworkDescription)}\"");

    private static readonly MetricFamily Build = new("minilb_build_info", Gauge, "1; its labels say what runs.");

    private static readonly MetricFamily Collections = new("minilb_gc_collections_total", Counter,
        "Garbage collections, by generation.");

    private static readonly MetricFamily Pauses = new("minilb_gc_pause_seconds", Histogram,
        "For how long each garbage collection has stopped the process.");

    private static readonly MetricFamily Reloads = new("minilb_config_reloads_total", Counter,
        "How often the configuration was read since the start, by result.");

    private readonly (MetricFamily Family, Func<double> Value)[] _values =
    [
        (new("minilb_ready", Gauge, "1 while /readyz answers 200."), () => lifecycle.IsReady ? 1 : 0),
        (new("minilb_config_last_reload_successful", Gauge, "0 while the configuration read last was refused."),
            () => statistics.Reloads.Last.Errors.Count == 0 ? 1 : 0),
        (new("minilb_config_last_reload_timestamp_seconds", Gauge,
            "When the configuration was read last, in seconds since 1970."),
            () => statistics.Reloads.Last.Time.ToUnixTimeMilliseconds() / 1000.0),
        (new("minilb_client_connections", Gauge, "Open connections of clients."), () => statistics.Connections.Count),
        (new("minilb_client_connections_opened_total", Counter, "Connections of clients that were accepted."),
            () => statistics.Connections.Opened),
        (new("minilb_access_log_lines_dropped_total", Counter,
            "Lines of the access log that could not be written fast enough or at all."),
            () => statistics.LostLines.Lines),
        (new("minilb_process_start_time_seconds", Gauge, "When the process started, in seconds since 1970."),
            () => statistics.Started.ToUnixTimeMilliseconds() / 1000.0),
        (new("minilb_process_cpu_seconds_total", Counter, "Time that processors have spent on the process."),
            () => Environment.CpuUsage.TotalTime.TotalSeconds),
        (new("minilb_process_resident_memory_bytes", Gauge, "Memory that the process has in use."),
            () => Environment.WorkingSet),
        (new("minilb_process_open_fds", Gauge, "Open file descriptors."), OpenFiles),
        (new("minilb_gc_heap_bytes", Gauge, "Memory that the garbage collector looks after."),
            () => GC.GetTotalMemory(forceFullCollection: false)),
        (new("minilb_gc_allocated_bytes_total", Counter, "Memory that was asked of the garbage collector."),
            () => GC.GetTotalAllocatedBytes()),
    ];

    public void Write(MetricWriter writer)
    {
        writer.Begin(Build);
        writer.Sample(Build, BuildLabels, 1);
        foreach (var (family, value) in _values)
        {
            writer.Begin(family);
            writer.Sample(family, default, value());
        }

        writer.Begin(Reloads);
        writer.Sample(Reloads, default, "result"u8, "success", statistics.Reloads.Succeeded);
        writer.Sample(Reloads, default, "result"u8, "failure", statistics.Reloads.Failed);
        writer.Begin(Collections);
        for (var i = 0; i < Generations.Length; i++)
        {
            writer.Sample(Collections, default, "generation"u8, Generations[i], GC.CollectionCount(i));
        }

        writer.Begin(Pauses);
        writer.Histogram(Pauses, default, statistics.Pauses.Counts, statistics.Pauses.Duration, isFine: true);
    }

    private static double OpenFiles()
    {
        const string folder = "/proc/self/fd";
        // One of them is the folder's own.
        return Directory.Exists(folder)
            ? new FileSystemEnumerable<byte>(folder, static (ref FileSystemEntry _) => 0).Count() - 1
            : 0;
    }
}
