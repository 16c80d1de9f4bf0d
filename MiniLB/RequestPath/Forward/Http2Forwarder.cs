using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using MiniLB.Config.Options;
using MiniLB.State;
using MiniLB.Transport;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Forward;

/// <summary>Makes attempts in HTTP/2, through SocketsHttpHandler.</summary>
/// <remarks>One handler for each backend: SocketsHttpHandler closes connections with the handler and not
/// otherwise.</remarks>
internal sealed class Http2Forwarder : Forwarder
{
    private readonly PerBackend<HttpMessageInvoker> _kept;

    // Taken out, and perhaps still in use by an attempt.
    private readonly ConcurrentQueue<HttpMessageInvoker> _retired = [];
    private readonly TimeProvider _time;

    // Written at a reload, read by requests.
    private volatile PoolOptions _options;
    private volatile BackendConnector _connector;

    /// <param name="options">The pool's.</param>
    /// <param name="time">The clock.</param>
    public Http2Forwarder(PoolOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _connector = ConnectorFor(options);
        _kept = new PerBackend<HttpMessageInvoker>(() => new HttpMessageInvoker(Handler()));
    }

    // A handler's options are those that it was made with: others need another one.
    public override void Apply(PoolOptions options)
    {
        var before = _options;
        _options = options;
        _connector = ConnectorFor(options);
        if (options.KeepAlive != before.KeepAlive || options.Limits != before.Limits)
        {
            foreach (var (backend, _) in _kept.All)
            {
                Retire(backend);
            }
        }
    }

    public override async ValueTask<AttemptResult> AttemptAsync(
        Exchange exchange, Backend backend, bool onNewConnection)
    {
        using var request = Http2Request.Build(exchange, backend);
        var body = request.Content as Http2RequestBody;
        exchange.Timer.Wait(
            TimeLimit.ResponseHead, body is null ? exchange.Timeouts.ResponseHeaders : TimeSpan.Zero);
        HttpResponseMessage response;
        try
        {
            response = await _kept.Of(backend).SendAsync(request, exchange.Timer.Token);
        }
        catch (Exception e)
        {
            exchange.ConnectTime = request.ConnectTime;
            await EndAsync(body);
            return new AttemptResult(Name(e, exchange, body), false, body?.IsTouched == true, e);
        }

        exchange.ConnectTime = request.ConnectTime;
        exchange.FirstByteAt = Stopwatch.GetTimestamp();
        using (response)
        {
            if (!Http2Response.TryRead(response, exchange.Answer, _options.Limits.ResponseHeaders))
            {
                await EndAsync(body);
                return new AttemptResult(ForwardError.ResponseHeadInvalid, false, body?.IsTouched == true);
            }

            exchange.IsAnswered = true;
            if (exchange.RefusesAnswer())
            {
                await EndAsync(body);
                return new AttemptResult(ForwardError.AnswerRefused, false, body?.IsTouched == true);
            }

            var result = await Http2Response.PassOnAsync(response, exchange);
            await EndAsync(body);
            return result;
        }
    }

    // What is kept to a backend in rotation SocketsHttpHandler sweeps itself. What an earlier sweep has taken out was
    // given its last request then; the streams on it end by themselves.
    public override void Sweep(long now)
    {
        DisposeRetired();
        foreach (var (backend, _) in _kept.All)
        {
            if (!backend.KeepsConnections && backend.InFlight == 0)
            {
                Retire(backend);
            }
        }
    }

    public override void Dispose()
    {
        DisposeRetired();
        foreach (var (_, invoker) in _kept.All)
        {
            invoker.Dispose();
        }
    }

    private void Retire(Backend backend)
    {
        if (_kept.Remove(backend) is not { } invoker)
        {
            return;
        }

        // An attempt is counted before it looks for the handler: with none in flight after it was taken out, nobody has
        // it.
        Interlocked.MemoryBarrier();
        if (backend.InFlight == 0)
        {
            invoker.Dispose();
        }
        else
        {
            _retired.Enqueue(invoker);
        }
    }

    private void DisposeRetired()
    {
        for (var left = _retired.Count; left > 0 && _retired.TryDequeue(out var invoker); left--)
        {
            invoker.Dispose();
        }
    }

    private BackendConnector ConnectorFor(PoolOptions options) =>
        new(options.Timeouts.Connect, _time) { Http2 = true };

    private static ValueTask EndAsync(Http2RequestBody? body) => body?.EndAsync() ?? default;

    private static ForwardError Name(Exception exception, Exchange exchange, Http2RequestBody? body)
    {
        if (body is { ClientError: not ForwardError.None })
        {
            return body.ClientError;
        }

        if (exchange.Timer.Token.IsCancellationRequested)
        {
            return exchange.Timer.Cause;
        }

        return (exception as HttpRequestException)?.HttpRequestError switch
        {
            HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError => ForwardError.ConnectFailed,
            HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded =>
                ForwardError.ResponseHeadInvalid,
            _ => body is { IsTouched: true } ? ForwardError.RequestBodyNotTaken : ForwardError.BackendClosed,
        };
    }

    private SocketsHttpHandler Handler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        EnableMultipleHttp2Connections = true,
        // Field values are bytes to us: Latin-1 maps each to one character and back.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        PooledConnectionLifetime = OrInfinite(_options.KeepAlive.Lifetime),
        PooledConnectionIdleTimeout = OrInfinite(_options.KeepAlive.Idle),
        // In units of 1,024 bytes, rounded up.
        MaxResponseHeadersLength = (int)((_options.Limits.ResponseHeaderBytes + 1023) / 1024),
        // What a broken-off response has left is not worth reading.
        MaxResponseDrainSize = 0,
        // The connector has its own limit, which covers every address of a name.
        ConnectTimeout = Timeout.InfiniteTimeSpan,
        ConnectCallback = ConnectAsync,
    };

    private async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var request = (Http2Request)context.InitialRequestMessage;
        var start = Stopwatch.GetTimestamp();
        var backend = request.Backend;
        var stream = await _connector.ConnectAsync(
            backend.Address, cancellationToken, socket => Open(socket, backend));
        request.ConnectTime = Stopwatch.GetElapsedTime(start);
        return stream;
    }

    private static TimeSpan OrInfinite(TimeSpan time) => time == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : time;
}
