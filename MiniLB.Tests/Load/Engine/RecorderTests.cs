using MiniLB.Load.Engine;

namespace MiniLB.Tests.Load.Engine;

public sealed class RecorderTests
{
    private readonly FakeLoadClock _clock = new();

    [Fact]
    public void Intervals_AddUpToTheWhole()
    {
        var recorder = new Recorder(_clock, ["status 503"]);
        recorder.BeginCounting();
        for (var second = 0; second < 5; second++)
        {
            for (var n = 0; n <= second; n++)
            {
                Record(recorder, new Outcome(null, n % 2 == 0 ? "a" : "b", 10, 100));
            }

            Record(recorder, Outcome.Failed("broken off"));
            Record(recorder, Outcome.Failed("status 503", "a"));
            Wait(1);
            recorder.EndInterval();
        }

        var result = recorder.Result();

        Assert.Equal(5, result.Timeline.Count);
        Assert.Equal([3L, 4, 5, 6, 7], result.Timeline.Select(i => i.Requests));
        Assert.Equal((25, 5, 5), (result.Total.Requests, result.Total.Failed, result.Total.Refused));
        Assert.Equal(15, result.Total.Latency.Count);
        Assert.Equal((150, 1500), (result.Total.BytesOut, result.Total.BytesIn));
        Assert.Equal(9 + 5, result.Total.Backends["a"]);
        Assert.Equal(6, result.Total.Backends["b"]);
        Assert.Equal(5, result.Total.Failures["status 503"]);
        Assert.Equal(25, result.Timeline.Sum(i => i.Started));
        Assert.Equal(TimeSpan.FromSeconds(5), result.Elapsed);
    }

    [Fact]
    public void WhatStartedInTheWarmUp_DoesNotCount()
    {
        var recorder = new Recorder(_clock, []);
        var before = _clock.Now;
        recorder.Start();
        Wait(1);
        recorder.BeginCounting();
        Wait(1);
        recorder.End(new Outcome(null, null, 0, 0), before);

        Assert.Equal(0, recorder.Result().Total.Requests);
    }

    [Fact]
    public void Events_AreCountedFromTheEndOfTheWarmUp()
    {
        var recorder = new Recorder(_clock, []);
        recorder.Note("too early");
        Wait(2);
        recorder.BeginCounting();
        Wait(3);
        recorder.Note("b1 killed");

        Assert.Equal([new RunEvent(3, "b1 killed")], recorder.Result().Events);
    }

    [Fact]
    public void HammeredFromAllSides_LosesNothing()
    {
        var recorder = new Recorder(_clock, []);
        recorder.BeginCounting();
        Parallel.For(0, 8, n =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                recorder.Start();
                recorder.End(n == 0 ? Outcome.Failed("x") : new Outcome(null, "a", 1, 1), TimeSpan.Zero);
                if (n == 1 && i % 100 == 0)
                {
                    Wait(0.01);
                    recorder.EndInterval();
                }
            }
        });
        Wait(1);

        var result = recorder.Result();

        Assert.Equal((80_000, 10_000), (result.Total.Requests, result.Total.Failed));
        Assert.Equal(80_000, result.Timeline.Sum(i => i.Requests));
        Assert.Equal(0, result.Timeline[^1].InFlight);
    }

    private void Record(Recorder recorder, Outcome outcome)
    {
        recorder.Start();
        recorder.End(outcome, _clock.Now);
    }

    private void Wait(double seconds) => _clock.WaitUntil(_clock.Now + TimeSpan.FromSeconds(seconds), default);
}
