using System.Net.Http.Headers;
using MiniLB.State;

namespace MiniLB.BackgroundLoops.Tracing;

/// <summary>Sends finished spans to a collector, once a second, in OTLP over HTTP as JSON.</summary>
/// <remarks>Written by hand: OpenTelemetry's own exporter was measured to add 2.5 MB to the static file. What the
/// collector does not take is dropped and counted; the queue is all that is kept for it.</remarks>
internal sealed class SpanExportLoop(
    SpanQueue queue, Uri collector, TimeProvider time, ILogger<SpanExportLoop> logger) : IDisposable
{
    private const int MostOfABatch = 512; // OpenTelemetry's own default
    private const int MostOfAnAnswer = 64 * 1024; // it has a sentence at most
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(10);
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30), // before the collector closes it under our hands
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // its name may come to mean another address
    })
    {
        Timeout = Limit,
        MaxResponseContentBufferSize = MostOfAnAnswer,
    };

    // A collector of somebody else's takes its key in the query, which no log is to have.
    private readonly string _name = collector.GetLeftPart(UriPartial.Path);

    private long _reported;
    private long? _lastReport;
    private string? _failure;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var beats = new Beats(Period, time, cancellationToken);
        using var late = new CancellationTokenSource();
        // What is being sent then is not lost, and neither are the last requests.
        await using var end = cancellationToken.UnsafeRegister(
            static l => ((CancellationTokenSource)l!).CancelAfter(LongestGoodbye), late);
        while (await beats.NextAsync())
        {
            await BeatAsync(late.Token);
        }

        await BeatAsync(late.Token);
        Report();
    }

    internal async Task BeatAsync(CancellationToken cancellationToken)
    {
        var isTaken = true;
        while (isTaken && queue.Take(MostOfABatch) is { Count: > 0 } spans)
        {
            isTaken = await SendAsync(spans, cancellationToken);
        }

        if (queue.Dropped > _reported && (_lastReport is not { } last || time.GetElapsedTime(last) >= BetweenReports))
        {
            Report();
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> SendAsync(List<Span> spans, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new ByteArrayContent(OtlpJson.Write(spans));
            content.Headers.ContentType = Json;
            using var response = await _http.PostAsync(collector, content, cancellationToken);
            _failure = response.IsSuccessStatusCode ? null : $"{_name} answered {(int)response.StatusCode}";
        }
        catch (Exception e)
        {
            // Whatever it was, the next beat goes on.
            _failure = $"{_name}: {(e.InnerException ?? e).Message}";
        }

        if (_failure is not null)
        {
            queue.Drop(spans.Count);
        }

        return _failure is null;
    }

    private void Report()
    {
        var dropped = queue.Dropped;
        if (dropped > _reported)
        {
            TracingLog.Dropped(
                logger, dropped - _reported, dropped, _failure ?? "more came than the collector takes");
            (_reported, _lastReport) = (dropped, time.GetTimestamp());
        }
    }
}
