using System.Diagnostics;
using System.Text;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.State;
using MiniLB.Transport;

namespace MiniLB.RequestPath.Forward;

/// <summary>Makes one attempt: sends a request to one backend and streams the answer back.</summary>
/// <remarks>One per pool. The steps: 1 build the request, 2 send it, 3 pass on the head, 4 pass on the body.
/// Failure is a value, never an exception.</remarks>
internal sealed class Forwarder : IDisposable
{
    private readonly PoolOptions _options;
    private readonly BackendConnector _connector;
    private readonly HttpMessageInvoker _kept;
    private readonly Lazy<HttpMessageInvoker> _fresh;

    public Forwarder(PoolOptions options, TimeProvider time)
    {
        _options = options;
        _connector = new BackendConnector(options.Timeouts.Connect, time);
        _kept = Invoker(options.KeepAlive.Lifetime == TimeSpan.Zero
            ? Timeout.InfiniteTimeSpan
            : options.KeepAlive.Lifetime);
        _fresh = new Lazy<HttpMessageInvoker>(() => Invoker(TimeSpan.Zero));
    }

    /// <param name="exchange">The request.</param>
    /// <param name="backend">Where to send it.</param>
    /// <param name="onNewConnection">True never to use a kept connection.</param>
    public async ValueTask<AttemptResult> AttemptAsync(Exchange exchange, Backend backend, bool onNewConnection)
    {
        // 1
        using var request = RequestHead.Build(exchange, backend);
        var body = request.Content as RequestBodyContent;
        exchange.Timer.Wait(TimeLimit.ResponseHead, body is null ? _options.Timeouts.ResponseHeaders : TimeSpan.Zero);

        // 2
        HttpResponseMessage response;
        try
        {
            var invoker = onNewConnection ? _fresh.Value : _kept;
            response = await invoker.SendAsync(request, exchange.Timer.Token);
        }
        catch (Exception e)
        {
            exchange.ConnectTime = request.ConnectTime;
            var error = FailureRules.Name(e, exchange.Timer, body);
            if (body is not null)
            {
                await body.EndAsync();
            }

            return new AttemptResult(error, false, body?.IsTouched == true, e);
        }

        exchange.ConnectTime = request.ConnectTime;
        exchange.FirstByteAt = Stopwatch.GetTimestamp();
        backend.SpeaksHttp10 = response.Version.Minor == 0;
        using (response)
        {
            // 3
            if (!ResponseHead.TryCopy(response, exchange))
            {
                return new AttemptResult(ForwardError.ResponseHeadInvalid, false, body?.IsTouched == true);
            }

            // 4
            var stream = await response.Content.ReadAsStreamAsync();
            return await ResponseBody.CopyAsync(stream, response.Content.Headers.ContentLength, exchange);
        }
    }

    public void Dispose()
    {
        _kept.Dispose();
        if (_fresh.IsValueCreated)
        {
            _fresh.Value.Dispose();
        }
    }

    private HttpMessageInvoker Invoker(TimeSpan lifetime) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        // Field values are bytes to us: Latin-1 maps each to one character and back.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        PooledConnectionLifetime = lifetime,
        PooledConnectionIdleTimeout = _options.KeepAlive.Idle == TimeSpan.Zero
            ? Timeout.InfiniteTimeSpan
            : _options.KeepAlive.Idle,
        // In units of 1,024 bytes, rounded up.
        MaxResponseHeadersLength = (int)((_options.Limits.ResponseHeaderBytes + 1023) / 1024),
        // What a broken-off response has left is not worth reading: close the connection.
        MaxResponseDrainSize = 0,
        // The connector has its own limit, which covers every address of a name.
        ConnectTimeout = Timeout.InfiniteTimeSpan,
        ConnectCallback = ConnectAsync,
    });

    private async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var request = (BackendRequest)context.InitialRequestMessage;
        var start = Stopwatch.GetTimestamp();
        var stream = await _connector.ConnectAsync(request.Backend.Address, cancellationToken);
        request.ConnectTime = Stopwatch.GetElapsedTime(start);
        return stream;
    }
}
