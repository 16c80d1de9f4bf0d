using MiniLB.Load.Engine;
using MiniLB.Load.Profiles;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;
using NBomberThreshold = NBomber.Contracts.Threshold;

namespace MiniLB.Load.NBomber;

/// <summary>Has NBomber start the requests. They are counted by us too, so that the same report comes of either
/// engine; NBomber's own reports lie beside it.</summary>
/// <remarks>NBomber counts a request from when it started it, not from when it was to start.</remarks>
internal sealed class NBomberEngine(LoadClock clock) : ILoadEngine
{
    private const string LicenceVariable = "NBOMBER_LICENSE";

    // 1 once the warm-up is over: the first request after it begins the counting, and only that one.
    private int _isCounting;

    public string Name => "NBomber";

    public Task RunAsync(LoadRun run, CancellationToken stop)
    {
        var warmUp = run.Profile.WarmUp;
        var scenario = Scenario.Create(run.Scenario, context => RequestAsync(run, context, stop));
        scenario = (warmUp > TimeSpan.Zero ? scenario.WithWarmUpDuration(warmUp) : scenario.WithoutWarmUp())
            .WithLoadSimulations([.. run.Profile.Stages.Select(Simulate)])
            .WithThresholds([.. run.Profile.Thresholds.Select(t => Judge(t, run.Profile)).OfType<NBomberThreshold>()])
            // By default 5,000 failures end the run, and one ends the iteration.
            .WithMaxFailCount(int.MaxValue)
            .WithRestartIterationOnFail(false);
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

        if (context.ScenarioInfo.ScenarioOperation == ScenarioOperation.Bombing
            && Interlocked.Exchange(ref _isCounting, 1) == 0)
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

    private static LoadSimulation Simulate(LoadStage stage)
    {
        var second = TimeSpan.FromSeconds(1);
        var amount = (int)Math.Round(stage.To);
        return (stage.Shape, stage.From == stage.To) switch
        {
            (LoadShape.Open, true) => Inject(stage),
            (LoadShape.Open, false) => Simulation.RampingInject(amount, second, stage.Time),
            (LoadShape.Closed, true) => Simulation.KeepConstant(amount, stage.Time),
            (LoadShape.Closed, false) => Simulation.RampingConstant(amount, stage.Time),
            _ => Simulation.Pause(stage.Time),
        };
    }

    // NBomber counts in whole requests for an interval, which need not be a second.
    private static LoadSimulation Inject(LoadStage stage)
    {
        var amount = (int)Math.Ceiling(stage.To);
        var interval = TimeSpan.FromSeconds(Math.Min(amount / stage.To, stage.Time.TotalSeconds));
        return Simulation.Inject(amount, interval, stage.Time);
    }

    /// <returns>The same threshold for NBomber's report; null where it has no such figure, or another one because it
    /// takes expected failures for successes. Our own report judges all.</returns>
    private static NBomberThreshold? Judge(Profiles.Threshold threshold, LoadProfile profile)
    {
        var limit = threshold.Limit;
        return (threshold.Metric.Name, profile.Expected.Count == 0) switch
        {
            ("failed", _) => NBomberThreshold.Create(s => s.Fail.Request.Count <= limit),
            // NBomber's own percentage is a whole number.
            ("failedPercent", _) => NBomberThreshold.Create(s =>
                100.0 * s.Fail.Request.Count <= limit * (s.Ok.Request.Count + s.Fail.Request.Count)),
            ("p50Ms", true) => NBomberThreshold.Create(s => s.Ok.Latency.Percent50 <= limit),
            ("p95Ms", true) => NBomberThreshold.Create(s => s.Ok.Latency.Percent95 <= limit),
            ("p99Ms", true) => NBomberThreshold.Create(s => s.Ok.Latency.Percent99 <= limit),
            ("maxMs", true) => NBomberThreshold.Create(s => s.Ok.Latency.MaxMs <= limit),
            ("answeredPerSecond", true) => NBomberThreshold.Create(s => s.Ok.Request.RPS >= limit),
            _ => null,
        };
    }
}
