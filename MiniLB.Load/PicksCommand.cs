using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using MiniLB.Load.Picks;
using Perfolizer.Horology;

namespace MiniLB.Load;

/// <summary>picks: what does it cost to pick a backend?</summary>
internal static class PicksCommand
{
    private static readonly Option<bool> QuickFlag = new("--quick")
    {
        Description = "Shorter runs, for a first look; the figures are rougher",
    };

    public static Command Create()
    {
        var command = new Command("picks",
            "Measures every balancing strategy in this process, without a network: nanoseconds and bytes of a pick,\n"
            + "for 3, 100 and 1,000 backends and 1 and 2 threads. Pick is the pick alone, Busy the same where every\n"
            + "backend has requests in flight; Request also begins and ends an attempt, as the request path does.\n"
            + "Takes some minutes; build with -c Release.")
        {
            QuickFlag,
        };
        command.SetAction(parsed => Run(parsed.GetValue(QuickFlag)));
        return command;
    }

    private static int Run(bool quick)
    {
        var folder = Directory.CreateTempSubdirectory("minilb-picks-");
        try
        {
            var job = Job.Default
                .WithToolchain(InProcessEmitToolchain.DontLogOutput)
                .WithUnrollFactor(1)
                .WithEvaluateOverhead(false)
                .WithWarmupCount(quick ? 1 : 3)
                .WithIterationCount(quick ? 3 : 7)
                .WithIterationTime(TimeInterval.FromMilliseconds(quick ? 20 : 100));
            var summary = BenchmarkRunner.Run<PickBenchmark>(ManualConfig.CreateEmpty()
                .AddJob(job)
                .AddDiagnoser(MemoryDiagnoser.Default)
                .AddLogger(NullLogger.Instance)
                .WithOptions(ConfigOptions.DisableLogFile)
                .WithArtifactsPath(folder.FullName));
            foreach (var error in summary.ValidationErrors)
            {
                Console.Error.WriteLine(error.Message);
            }

            Console.WriteLine(PickTable.Of(summary));
            Console.WriteLine($"{summary.TotalTime.TotalSeconds:0} s");
            return summary.Reports.Length > 0 && summary.Reports.All(r => r.Success) ? ExitCode.Clean : ExitCode.Failed;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
