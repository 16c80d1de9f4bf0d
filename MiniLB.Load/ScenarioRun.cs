using MiniLB.Load.Engine;
using MiniLB.Load.Http;
using MiniLB.Load.Profiles;
using MiniLB.Load.Reports;
using MiniLB.Load.Scenarios;
using MiniLB.Load.Self;

namespace MiniLB.Load;

/// <summary>One run of a scenario, from the start of its target to its report.</summary>
internal sealed class ScenarioRun(ScenarioDefinition scenario, LoadProfile profile)
{
    /// <summary>The target; null for our own system.</summary>
    public required Uri? Url { get; init; }

    public required string BackendField { get; init; }

    /// <summary>The balancer that our own system has; null for the one that was built with this program.</summary>
    public required string? Program { get; init; }

    /// <summary>Where the report goes; null for nowhere but the terminal.</summary>
    public required DirectoryInfo? Folder { get; init; }

    /// <returns>Whether it came to what the profile asks for.</returns>
    public async Task<bool> RunAsync()
    {
        using var stop = new StopSignal();
        await using var system = Url is null ? await StartSystemAsync() : null;
        var target = new Target(new HttpTarget(Url ?? system!.Url), BackendField, system is not null);
        using var requests = scenario.Create(target);
        Console.WriteLine($"{scenario.Name}: {target.Url.Url}");
        if (system is null && scenario.Disturb is not null)
        {
            Console.WriteLine("this is the load only: what happens to the backends of that URL is yours to do");
        }

        var (scaled, capacity) = await Capacity.ScaleAsync(profile, requests, stop.Token);
        Console.WriteLine(string.Join(", then ", scaled.Stages));
        var clock = new MachineClock();
        var recorder = new Recorder(clock, profile.Expected);
        var engine = Engines.Create(clock);
        var started = DateTimeOffset.UtcNow;
        List<string> problems = [];
        using (new ProgressLine(recorder, scaled))
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
            var disturbance = DisturbAsync(system, recorder, problems, over.Token);
            await engine.RunAsync(
                new LoadRun(scenario.Name, requests.RequestAsync, scaled, recorder, Folder), stop.Token);
            await over.CancelAsync();
            await disturbance;
        }

        var report = ReportOf(recorder.Result(), target, engine.Name, stop.Token.IsCancellationRequested) with
        {
            Started = started,
            Stages = [.. scaled.Stages.Select(ReportStage.Of)],
            CapacityPerSecond = capacity,
            Problems = problems,
        };
        return Tell(report with { Thresholds = [.. profile.Thresholds.Select(t => t.Judge(report))] });
    }

    private Task<SystemUnderLoad> StartSystemAsync() => SystemUnderLoad.StartAsync(
        Program ?? Path.Combine(AppContext.BaseDirectory, "minilb.dll"), scenario.Self);

    private async Task DisturbAsync(
        SystemUnderLoad? system, Recorder recorder, List<string> problems, CancellationToken over)
    {
        if (system is null || scenario.Disturb is not { } disturb)
        {
            return;
        }

        try
        {
            await recorder.Counting.WaitAsync(over);
            await disturb(system, profile.Time, recorder, over);
        }
        catch (OperationCanceledException)
        {
            problems.Add($"the load was over before {scenario.Name} was: give it a longer time with --seconds");
        }
        catch (Exception e) when (e is InvalidOperationException or HttpRequestException)
        {
            problems.Add(e.Message);
        }
    }

    private Report ReportOf(LoadResult result, Target target, string engine, bool isInterrupted)
    {
        var total = result.Total;
        var answered = total.Requests - total.Failed - total.Refused;
        var seconds = Math.Max(0.001, result.Elapsed.TotalSeconds);
        return new Report
        {
            Scenario = scenario.Name,
            Engine = engine,
            Url = target.Url.Url,
            Self = target.IsSelf,
            Started = default,
            Seconds = Math.Round(seconds, 3),
            Interrupted = isInterrupted,
            Stages = [],
            Requests = total.Requests,
            Answered = answered,
            Failed = total.Failed,
            Refused = total.Refused,
            AnsweredPerSecond = Math.Round(answered / seconds, 1),
            BytesOut = total.BytesOut,
            BytesIn = total.BytesIn,
            Failures = total.Failures,
            Backends = total.Backends,
            LatencyMs = Latencies.Of(total.Latency),
            Distribution = DistributionBucket.Of(total.Latency),
            Timeline = result.Timeline,
            Events = result.Events,
            Problems = [],
        };
    }

    private bool Tell(Report report)
    {
        Console.WriteLine();
        Console.WriteLine(ReportTable.Of(report));
        if (Folder is not null)
        {
            ReportFiles.Write(report, Folder);
            Console.WriteLine($"report                {Path.Combine(Folder.ToString(), "report.html")}");
        }

        foreach (var problem in report.Problems)
        {
            Console.Error.WriteLine(problem);
        }

        if (report.Requests == 0)
        {
            Console.Error.WriteLine("no request was made");
        }

        foreach (var broken in report.Thresholds.Where(t => !t.Holds))
        {
            Console.Error.WriteLine($"threshold broken: {broken}");
        }

        return report.Passed;
    }
}
