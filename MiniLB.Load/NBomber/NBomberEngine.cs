using MiniLB.Load.Engine;
using MiniLB.Load.Profiles;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;
using NBomberThreshold = NBomber.CSharp.Threshold;

namespace MiniLB.Load.NBomber;

/// <summary>Has NBomber start the requests. They are counted by us too, so that the same report comes of either
/// engine; NBomber's own reports lie beside it.</summary>
/// <remarks>NBomber counts a request from when it started it, not from when it was to start.</remarks>
internal sealed class NBomberEngine(LoadClock clock) : ILoadEngine
{
    private const string LicenceVariable = "NBOMBER_LICENSE";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public string Name => "NBomber";

    public Task RunAsync(LoadRun run, CancellationToken stop)
    {
        var warmUp = run.Profile.WarmUp;
        var scenario = Scenario.Create(run.Scenario, context => RequestAsync(run, context, stop));
        scenario = (warmUp > TimeSpan.Zero ? scenario.WithWarmUpDuration(warmUp) : scenario.WithoutWarmUp())
            .WithLoadSimulations([.. run.Profile.Stages.Select(Simulate)])
            .WithThresholds([.. run.Profile.Thresholds.Select(Judge).OfType<NBomberThreshold>()]);
        var runner = NBomberRunner.RegisterScenarios(scenario).WithTestName(run.Scenario);
        runner = run.Folder is null
            ? runner.WithoutReports()
            : runner.WithReportFolder(run.Folder.FullName).WithReportFileName("nbomber")
                .WithReportFormats(ReportFormat.Html, ReportFormat.Md, ReportFormat.Csv, ReportFormat.Txt);
        if (Environment.GetEnvironmentVariable(LicenceVariable) is { Length: > 0 } licence)
        {
            runner = runner.WithLicense(licence);
        }

        // It blocks until the last request has ended.
        return Task.Factory.StartNew(
            () => runner.Run(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private async Task<IResponse> RequestAsync(LoadRun run, IScenarioContext context, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            context.StopCurrentTest("stopped by a signal");
        }

        if (context.ScenarioInfo.ScenarioOperation == ScenarioOperation.Bombing && !run.Recorder.Counting.IsCompleted)
        {
            run.Recorder.BeginCounting();
        }

        return await Step.Run("request", context, async () =>
        {
            var from = clock.Now;
            run.Recorder.Start();
            var outcome = await run.RequestAsync();
            run.Recorder.End(outcome, from);
            return outcome.Failure is { } failure && !run.Profile.Expected.Contains(failure)
                ? Response.Fail(statusCode: failure, sizeBytes: outcome.BytesIn)
                : Response.Ok(statusCode: outcome.Failure ?? "answered", sizeBytes: outcome.BytesIn);
        });
    }

    // NBomber counts in whole requests for an interval: below one a second the interval is the longer.
    private static LoadSimulation Simulate(LoadStage stage)
    {
        var interval = stage.To is > 0 and < 1 ? Second / stage.To : Second;
        var amount = (int)Math.Round(stage.Shape == LoadShape.Open ? stage.To * interval.TotalSeconds : stage.To);
        return (stage.Shape, stage.From == stage.To) switch
        {
            (LoadShape.Open, true) => Simulation.Inject(amount, interval, stage.Time),
            (LoadShape.Open, false) => Simulation.RampingInject(amount, interval, stage.Time),
            (LoadShape.Closed, true) => Simulation.KeepConstant(amount, stage.Time),
            (LoadShape.Closed, false) => Simulation.RampingConstant(amount, stage.Time),
            _ => Simulation.Pause(stage.Time),
        };
    }

    /// <returns>The same threshold for NBomber's report; null where it has no such figure. Our own report judges
    /// all.</returns>
    private static NBomberThreshold? Judge(Profiles.Threshold threshold)
    {
        var limit = threshold.Limit;
        return threshold.Metric.Name switch
        {
            "failed" => NBomberThreshold.Create(s => s.Fail.Request.Count <= limit),
            "failedPercent" => NBomberThreshold.Create(s => s.Fail.Request.Percent <= limit),
            "p50Ms" => NBomberThreshold.Create(s => s.Ok.Latency.Percent50 <= limit),
            "p95Ms" => NBomberThreshold.Create(s => s.Ok.Latency.Percent95 <= limit),
            "p99Ms" => NBomberThreshold.Create(s => s.Ok.Latency.Percent99 <= limit),
            "maxMs" => NBomberThreshold.Create(s => s.Ok.Latency.MaxMs <= limit),
            "answeredPerSecond" => NBomberThreshold.Create(s => s.Ok.Request.RPS >= limit),
            _ => null,
        };
    }
}
