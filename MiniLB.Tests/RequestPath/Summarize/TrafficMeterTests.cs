using System.Diagnostics;
using MiniLB.RequestPath;
using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Summarize;
using MiniLB.State;
using MiniLB.Wire;

namespace MiniLB.Tests.RequestPath.Summarize;

public sealed class TrafficMeterTests
{
    private readonly World _world = Sample.World(1, 1);
    private readonly TrafficMeter _meter;

    public TrafficMeterTests() => _meter = new TrafficMeter(_world.Statistics);

    private PoolSnapshot Pool => _world.Current.DefaultPool;

    [Fact]
    public void ServedRequest_CountsOnceForItsPoolAndItsBackend()
    {
        _meter.Count(Finished(ForwardError.None, 200, (0, ForwardError.None)));

        Assert.Equal((1, 1, 0), (Pool.Traffic.Counters.OfClass(2), Of(0).OfClass(2), Of(1).Count));
        Assert.Equal(0, _world.Statistics.Own.Counters.Count);
        Assert.Empty(_world.Statistics.Failures.Newest());
    }

    [Fact]
    public void Failover_CountsTheFaultAndTheRetry_AndNoFailureOfTheRequest()
    {
        _meter.Count(Finished(
            ForwardError.None, 200, (0, ForwardError.ConnectFailed), (1, ForwardError.None)));

        Assert.Equal((1, 1, 0), (Pool.Traffic.Counters.Count, Pool.Traffic.Counters.RetryCount,
            Pool.Traffic.Counters.FailureCount));
        Assert.Equal((1, 1, 1, 0), (Of(0).Count, Of(0).OfClass(0), Of(0).FailureCount, Of(0).RetryCount));
        Assert.Equal((1, 1, 0, 1), (Of(1).Count, Of(1).OfClass(2), Of(1).FailureCount, Of(1).RetryCount));
        Assert.Equal("connectFailed", Assert.Single(Pool.All[0].Counters.Errors.Newest()).Reason);
    }

    [Fact]
    public void RefusedRequest_CountsOnce_ByWhatItWasRefusedFor()
    {
        var exchange = Finished(ForwardError.RequestHeadInvalid, 431);
        exchange.Entry.Refusal = Refusal.Head;
        var overDryRun = Finished(ForwardError.None, 200, (0, ForwardError.None));
        overDryRun.Entry.IsOverDryRun = true;

        _meter.Count(exchange);
        _meter.Count(overDryRun);
        _meter.Count(Finished(ForwardError.RequestBodyTooLarge, 200, (0, ForwardError.RequestBodyTooLarge)));

        var refusals = _world.Statistics.Refusals;
        Assert.Equal(
            [Refusal.Body, Refusal.Head], Enum.GetValues<Refusal>().Where(r => refusals.Of(r) == 1));
        Assert.Equal(1, refusals.DryRun);
    }

    [Fact]
    public void FailedRequest_CountsByItsReason_AndIsRemembered()
    {
        _meter.Count(Finished(
            ForwardError.BackendClosed, 502, (0, ForwardError.ConnectFailed), (1, ForwardError.BackendClosed)));

        Assert.Equal((1, 1), (Pool.Traffic.Counters.FailureCount,
            Pool.Traffic.Counters.OfReason((int)ForwardError.BackendClosed)));
        Assert.Equal((1, 1, 1), (Of(1).Count, Of(1).FailureCount, Of(1).OfReason((int)ForwardError.BackendClosed)));
        var failure = Assert.Single(_world.Statistics.Failures.Newest());
        Assert.Equal(("backendClosed", 502, 2), (failure.Why, failure.Status, failure.Tries.Count));
        Assert.Equal(["connectFailed", "backendClosed"], failure.Tries.Select(t => t.Outcome));
    }

    [Theory]
    [InlineData("ClientGone", true, 0)]
    [InlineData("TunnelTimeout", true, 0)]
    [InlineData("RequestBodyInvalid", true, 0)]
    [InlineData("RequestHeadInvalid", false, 0)]
    [InlineData("NoneAvailable", true, 1)]
    [InlineData("QueueFull", true, 1)]
    [InlineData("Unexpected", false, 1)]
    public void Outcome_IsOfThePoolOrOwn_AndAFailureOrTheClients(string outcome, bool ofPool, int failures)
    {
        var error = Enum.Parse<ForwardError>(outcome);
        var tried = error is ForwardError.TunnelTimeout or ForwardError.RequestBodyInvalid;

        _meter.Count(Finished(error, 0, tried ? [(0, error)] : []));

        var counters = (ofPool ? Pool.Traffic : _world.Statistics.Own).Counters;
        Assert.Equal((1, 1, failures), (counters.Count, counters.OfReason((int)error), counters.FailureCount));
        Assert.Equal(failures, _world.Statistics.Failures.Newest().Count);
    }

    [Theory]
    [InlineData("GET", "Draining", 1, "ConnectFailed", "no backend was left to try", "draining")]
    [InlineData("POST", "Enabled", 1, "BackendClosed",
        "it may have been served, and its method must not be repeated", "untried")]
    [InlineData("GET", "Enabled", 2, "BackendClosed", "retry.attempts were used up", "untried")]
    [InlineData("GET", "Disabled", 1, "TotalTimeout", "its time was over", "disabled")]
    public void Decision_SaysWhyItWasNotTriedOnceMore(
        string method, string modeOfOther, int tries, string outcome, string decision, string passedOver)
    {
        _world.SetMode(Pool.All[1], Enum.Parse<BackendMode>(modeOfOther));
        var error = Enum.Parse<ForwardError>(outcome);
        var exchange = TestExchange.In(_world, method);
        for (var i = 0; i < tries; i++)
        {
            exchange.Attempts.Add(Pool.All[0], error, Stopwatch.GetTimestamp());
        }

        exchange.Outcome = error;

        var report = FailureReport.Of(exchange, Pool, Stopwatch.GetTimestamp());

        Assert.Equal(decision, report.Decision);
        Assert.Equal(new PassedOver(Pool.All[1].Url, passedOver), Assert.Single(report.PassedOver));
    }

    [Fact]
    public void CountingAServedRequest_AllocatesNothing()
    {
        var exchange = Finished(ForwardError.None, 200, (0, ForwardError.None));

        Assert.Equal(0, Allocated.By(() => _meter.Count(exchange)));
    }

    private TrafficCounters Of(int backend) => Pool.All[backend].Counters.Traffic.Counters;

    private Exchange Finished(ForwardError outcome, int status, params (int Backend, ForwardError Outcome)[] attempts)
    {
        var exchange = TestExchange.In(_world);
        foreach (var (backend, error) in attempts)
        {
            exchange.Attempts.Add(Pool.All[backend], error, Stopwatch.GetTimestamp());
        }

        exchange.Outcome = outcome;
        if (status > 0)
        {
            exchange.Start(new ResponseHead { Status = status, ContentLength = 0 }, closes: false);
        }

        return exchange;
    }
}
