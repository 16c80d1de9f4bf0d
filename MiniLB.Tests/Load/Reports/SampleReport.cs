using MiniLB.Load.Engine;
using MiniLB.Load.Reports;

namespace MiniLB.Tests.Load.Reports;

/// <summary>A report with something of everything in it.</summary>
internal static class SampleReport
{
    public static Report Of(long failed = 3, string backend = "b1")
    {
        var clock = new Engine.FakeLoadClock();
        var recorder = new Recorder(clock, ["status 503"]);
        recorder.BeginCounting();
        for (var n = 0; n < 1000; n++)
        {
            recorder.Start();
            var from = clock.Now;
            clock.WaitUntil(from + TimeSpan.FromMilliseconds(1 + (n % 20)), default);
            recorder.End(
                n < failed ? Outcome.Failed("broken off")
                : n % 100 == 50 ? Outcome.Failed("status 503")
                : new Outcome(null, n % 3 == 0 ? backend : "b2", 10, 1024),
                from);
            if (n % 100 == 99)
            {
                recorder.EndInterval();
            }
        }

        recorder.Note($"{backend} killed");
        var result = recorder.Result();
        return new Report
        {
            Scenario = "failover",
            Engine = "built-in",
            Url = new Uri("http://127.0.0.1:8080/"),
            Self = false,
            Started = DateTimeOffset.UnixEpoch,
            Seconds = result.Elapsed.TotalSeconds,
            Interrupted = false,
            Stages = [new ReportStage("rate", 100, 200, 10)],
            CapacityPerSecond = 200,
            Requests = result.Total.Requests,
            Answered = result.Total.Requests - result.Total.Failed - result.Total.Refused,
            Failed = result.Total.Failed,
            Refused = result.Total.Refused,
            AnsweredPerSecond = 100,
            BytesOut = result.Total.BytesOut,
            BytesIn = result.Total.BytesIn,
            Failures = result.Total.Failures,
            Backends = result.Total.Backends,
            LatencyMs = Latencies.Of(result.Total.Latency),
            Distribution = DistributionBucket.Of(result.Total.Latency),
            Timeline = result.Timeline,
            Events = result.Events,
            Problems = [],
        };
    }
}
