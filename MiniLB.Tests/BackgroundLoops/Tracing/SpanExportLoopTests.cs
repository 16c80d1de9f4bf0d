using MiniLB.BackgroundLoops.Tracing;
using MiniLB.State;
using MiniLB.Tests.Journeys;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.BackgroundLoops.Tracing;

public sealed class SpanExportLoopTests
{
    private readonly SpanQueue _queue = new();
    private readonly FakeTimeProvider _time = new();
    private readonly RecordedLog<SpanExportLoop> _log = new();

    [Fact]
    public async Task Beat_SendsAllThereIs_SoManyAtATime()
    {
        await using var collector = await Collector.StartAsync();
        using var loop = Loop(collector.Url);
        Add(1_300);

        await loop.BeatAsync(default);

        Assert.Equal([512, 512, 276], collector.Batches);
        Assert.Equal(0, _queue.Dropped);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Beat_WithNothingToSend_AsksNobody()
    {
        await using var collector = await Collector.StartAsync();
        using var loop = Loop(collector.Url);

        await loop.BeatAsync(default);

        Assert.Equal(0, collector.Server.Requests);
    }

    [Fact]
    public async Task CollectorThatIsAway_CostsABatchABeat_AndIsSaidOnceInAWhile()
    {
        using var loop = Loop(FailoverJourney.DeadUrl());
        Add(600);

        await loop.BeatAsync(default);
        Assert.Equal(512, _queue.Dropped);
        await loop.BeatAsync(default);
        Assert.Equal(600, _queue.Dropped);
        Assert.StartsWith("Warning tracing: 512 spans dropped (512 in total): http://127.0.0.1:",
            Assert.Single(_log.Lines), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromSeconds(10));
        await loop.BeatAsync(default);

        Assert.StartsWith(
            "Warning tracing: 88 spans dropped (600 in total): ", _log.Lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(302)]
    [InlineData(503)]
    public async Task CollectorThatRefuses_LosesWhatItRefused_AndGetsTheRestOnceItTakes(int answer)
    {
        await using var collector = await Collector.StartAsync();
        collector.Answer = answer;
        using var loop = Loop(collector.Url);
        Add(3);
        await loop.BeatAsync(default);
        Assert.Contains($"/v1/traces answered {answer}", Assert.Single(_log.Lines), StringComparison.Ordinal);

        collector.Answer = 200;
        Add(2);
        await loop.BeatAsync(default);

        Assert.Equal((2, 3), (collector.Spans.Count, _queue.Dropped));
    }

    [Fact]
    public async Task Key_InTheQueryOfTheCollector_IsNotSaid()
    {
        using var loop = Loop(FailoverJourney.DeadUrl(), "?key=pl4nted");
        Add(1);

        await loop.BeatAsync(default);

        var line = Assert.Single(_log.Lines);
        Assert.Contains("/v1/traces: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("pl4nted", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnswerThatNeverEnds_IsNotKept()
    {
        await using var collector = RawBackend.Answering(
            "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + new string('x', 100_000));
        using var loop = Loop(collector.Url);
        Add(1);

        await loop.BeatAsync(default);

        Assert.Equal(1, _queue.Dropped);
        Assert.Contains("buffer", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task End_SendsTheLastOnes()
    {
        await using var collector = await Collector.StartAsync();
        using var loop = Loop(collector.Url);
        using var end = new CancellationTokenSource();
        var running = loop.RunAsync(end.Token);
        Add(7);

        await end.CancelAsync();
        await running;

        Assert.Equal(7, collector.Spans.Count);
    }

    private SpanExportLoop Loop(string collector, string query = "") =>
        new(_queue, new Uri($"{collector}/v1/traces{query}"), _time, _log);

    private void Add(int spans)
    {
        for (var i = 0; i < spans; i++)
        {
            _queue.Add(Sample.Span("/"));
        }
    }
}
