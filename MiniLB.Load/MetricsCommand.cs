using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MiniLB.Load.Picks;
using MiniLB.State;

namespace MiniLB.Load;

/// <summary>metrics: what does it cost to count a request?</summary>
internal static class MetricsCommand
{
    private const int RequestsPerRun = 2_000_000;
    private const int Runs = 7;

    public static Command Create()
    {
        var command = new Command("metrics",
            "Measures in this process what it costs to count a finished request for its pool and its backend: the\n"
            + "nanoseconds of one thread, with words that all cores share and with words of each core's own.\n"
            + "Takes some seconds; build with -c Release.");
        command.SetAction(_ => Run());
        return command;
    }

    private static int Run()
    {
        foreach (var threads in new[] { 1, 2 })
        {
            foreach (var stripes in new[] { 1, 0 })
            {
                var nanoseconds = Measure(threads, stripes);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{threads} thread{(threads == 1 ? " " : "s")}, {(stripes == 1 ? "shared words" : "words per core")}: "
                    + $"{nanoseconds:0} ns a request"));
            }
        }

        return ExitCode.Clean;
    }

    /// <returns>The median of some runs.</returns>
    private static double Measure(int threads, int stripes)
    {
        var (pool, backend) = (new TrafficCounters(stripes), new TrafficCounters(stripes));
        using var work = new PickThreads(threads, thread => Count(pool, backend, thread));
        work.Run();
        var runs = new double[Runs];
        for (var i = 0; i < Runs; i++)
        {
            var began = Stopwatch.GetTimestamp();
            work.Run();
            runs[i] = Stopwatch.GetElapsedTime(began).TotalNanoseconds / RequestsPerRun;
        }

        Array.Sort(runs);
        return runs[Runs / 2];
    }

    // As the request path does: one look at the clock, the pool, the backend.
    private static void Count(TrafficCounters pool, TrafficCounters backend, int thread)
    {
        var random = (ulong)thread;
        for (var i = 0; i < RequestsPerRun; i++)
        {
            random = (random * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
            // From 0.1 to 6.6 ms.
            var ticks = 1_000 + (long)(random >> 48);
            var elapsed = Stopwatch.GetElapsedTime(0, Stopwatch.GetTimestamp()).Ticks > 0 ? ticks : -1;
            var served = new Served(2, MethodNames.Of("GET"), elapsed) { BytesOut = 1_024 };
            pool.Add(served);
            backend.Add(served with { Method = 0 });
        }
    }
}
