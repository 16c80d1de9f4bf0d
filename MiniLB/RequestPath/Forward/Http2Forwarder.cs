using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using MiniLB.Async;
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
    // RFC 9113 section 7.
    private const long RefusedStream = 0x7;

    // From a connection to the request on it.
    private static readonly TimeSpan ConnectSlack = TimeSpan.FromSeconds(1);

    private readonly PerBackend<HttpMessageInvoker> _kept;

    // Taken out, when, and perhaps still in use by an attempt.
    private readonly ConcurrentQueue<(HttpMessageInvoker Invoker, long At)> _retired = [];
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
        if (options.KeepAlive != before.KeepAlive || options.Limits != before.Limits || options.Tls != before.Tls)
        {
            foreach (var (backend, _) in _kept.All)
            {
                Retire(backend);
            }
        }
    }

    public override FrameTask<AttemptResult> AttemptAsync(
        Exchange exchange, Backend backend, bool onNewConnection) => AttemptAsync(exchange, backend, handover: null);

    /// <param name="exchange">The request.</param>
    /// <param name="backend">Where to send it.</param>
    /// <param name="handover">What connection to use where one is wanted, and where to leave one that speaks
    /// HTTP/1.1; null where the backend has no choice.</param>
    public async FrameTask<AttemptResult> AttemptAsync(Exchange exchange, Backend backend, Handover? handover)
    {
        Http2Request built;
        try
        {
            built = Http2Request.Build(exchange, backend, handover);
        }
        catch (FormatException e)
        {
            // A host that may stand in a request and that .NET knows no URL with, a!b for one.
            return new AttemptResult(ForwardError.RequestHeadInvalid, Cause: e);
        }

        using var request = built;
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
            return new AttemptResult(Name(e, exchange, request), false, body?.IsTouched == true, e);
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

    // What is kept to a backend in rotation SocketsHttpHandler sweeps itself. What was taken out got its last request
    // then, which may have waited for a connection since; the streams on it end by themselves.
    public override void Sweep(long now)
    {
        DisposeRetired(until: now - (long)(_options.Timeouts.Connect + ConnectSlack).TotalMilliseconds);
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
        DisposeRetired(until: long.MaxValue);
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
            _retired.Enqueue((invoker, Environment.TickCount64));
        }
    }

    private void DisposeRetired(long until)
    {
        while (_retired.TryPeek(out var oldest) && oldest.At <= until && _retired.TryDequeue(out oldest))
        {
            oldest.Invoker.Dispose();
        }
    }

    private BackendConnector ConnectorFor(PoolOptions options) =>
        new(options.Timeouts.Connect, _time) { Tls = new BackendTls(options.Tls, options.Http) };

    private static ValueTask EndAsync(Http2RequestBody? body) => body?.EndAsync() ?? default;

    private static ForwardError Name(Exception exception, Exchange exchange, Http2Request request)
    {
        var body = request.Content as Http2RequestBody;
        if (body is { ClientError: not ForwardError.None })
        {
            return body.ClientError;
        }

        if (exchange.Timer.Token.IsCancellationRequested)
        {
            return exchange.Timer.Cause;
        }

        if (request.ConnectTime > TimeSpan.Zero && TlsAlertRules.IsRefusal(exception))
        {
            return ForwardError.ConnectFailed;
        }

        if (IsLeftAlone(exception, request.ConnectTime == TimeSpan.Zero)
            && (body is not { IsTouched: true } || exchange.CanRewindBody))
        {
            return ForwardError.StaleSent;
        }

        return (exception as HttpRequestException)?.HttpRequestError switch
        {
            HttpRequestError.ConnectionError when SocketShortage.IsIn(exception) => ForwardError.NoDescriptors,
            HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError => ForwardError.ConnectFailed,
            HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded =>
                ForwardError.ResponseHeadInvalid,
            _ => body is { IsTouched: true } ? ForwardError.RequestBodyNotTaken : ForwardError.BackendClosed,
        };
    }

    // GOAWAY with NO_ERROR on a kept connection, as nginx says after keepalive_requests: it closes before all that came
    // has been answered. REFUSED_STREAM means that the backend has not begun (RFC 9113 section 8.7): what
    // SocketsHttpHandler has not sent again by itself is.
    private static bool IsLeftAlone(Exception? exception, bool isReused)
    {
        while (exception is not (null or HttpProtocolException))
        {
            exception = exception.InnerException;
        }

        return exception is HttpProtocolException { ErrorCode: var code }
            && (code == RefusedStream || (code == 0 && isReused));
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
        if (request.Handover?.TakeHttp2() is { } made)
        {
            return made;
        }

        var start = Stopwatch.GetTimestamp();
        var backend = request.Backend;
        var stream = await _connector.ConnectAsync(
            backend.Address, cancellationToken, c => Count(c, backend));
        request.ConnectTime = Stopwatch.GetElapsedTime(start);
        if (request.Handover is { } handover && !Handover.IsHttp2(stream))
        {
            handover.GiveHttp1(stream);
            throw new IOException("the backend has chosen HTTP/1.1");
        }

        return stream;
    }

    private static TimeSpan OrInfinite(TimeSpan time) => time == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : time;
}
