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
    private readonly PoolOptions _options;
    private readonly BackendConnector _connector;
    private readonly Backend[] _backends;

    // Made by the first attempt, taken out by the sweep: null where there is none.
    private readonly HttpMessageInvoker?[] _kept;

    // The sweep's: taken out, and perhaps still in use by an attempt.
    private readonly HttpMessageInvoker?[] _retired;

    /// <param name="options">The pool's.</param>
    /// <param name="backends">All of the pool, by index.</param>
    /// <param name="time">The clock.</param>
    public Http2Forwarder(PoolOptions options, Backend[] backends, TimeProvider time)
    {
        _options = options;
        _backends = backends;
        _connector = new BackendConnector(options.Timeouts.Connect, time) { Http2 = true };
        _kept = new HttpMessageInvoker?[backends.Length];
        _retired = new HttpMessageInvoker?[backends.Length];
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
            response = await Kept(backend).SendAsync(request, exchange.Timer.Token);
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

    // What is kept to a backend in rotation SocketsHttpHandler sweeps itself.
    public override void Sweep(long now)
    {
        foreach (var backend in _backends)
        {
            if (backend.Mode != BackendMode.Enabled && backend.InFlight == 0)
            {
                _retired[backend.Index] ??= Interlocked.Exchange(ref _kept[backend.Index], null);
            }

            // An attempt is counted before it looks here: with none in flight after the exchange, nobody has it.
            if (_retired[backend.Index] is { } retired && backend.InFlight == 0)
            {
                _retired[backend.Index] = null;
                retired.Dispose();
            }
        }
    }

    public override void Dispose()
    {
        foreach (var invoker in _kept.Concat(_retired))
        {
            invoker?.Dispose();
        }
    }

    private HttpMessageInvoker Kept(Backend backend)
    {
        ref var kept = ref _kept[backend.Index];
        if (Volatile.Read(ref kept) is { } invoker)
        {
            return invoker;
        }

        var made = new HttpMessageInvoker(Handler());
        if (Interlocked.CompareExchange(ref kept, made, null) is not { } other)
        {
            return made;
        }

        made.Dispose(); // another attempt was faster
        return other;
    }

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
