using System.Diagnostics;
using MiniLB.Async;
using MiniLB.Config.Options;
using MiniLB.State;
using MiniLB.Transport;

namespace MiniLB.RequestPath.Forward;

/// <summary>Makes attempts in the protocol that each backend chooses when it is connected to (ALPN): HTTP/2 or
/// HTTP/1.1, and HTTP/1.1 over http.</summary>
/// <remarks>What a backend chose last decides how the next attempt begins. Each new connection lets it choose again,
/// and is used for the request whichever it chooses, so that a backend may change its mind without a failed request.
/// </remarks>
internal sealed class AutoForwarder : Forwarder
{
    private readonly Http1Forwarder _http1;
    private readonly Http2Forwarder _http2;
    private readonly TimeProvider _time;

    // Written at a reload, read by requests.
    private volatile BackendConnector _connector;

    /// <param name="options">The pool's.</param>
    /// <param name="time">The clock.</param>
    public AutoForwarder(PoolOptions options, TimeProvider time)
    {
        _time = time;
        (_http1, _http2) = (new Http1Forwarder(options, time), new Http2Forwarder(options, time));
        _connector = ConnectorFor(options);
    }

    public override void Apply(PoolOptions options)
    {
        _http1.Apply(options);
        _http2.Apply(options);
        _connector = ConnectorFor(options);
    }

    public override FrameTask<AttemptResult> AttemptAsync(Exchange exchange, Backend backend, bool onNewConnection)
    {
        // HTTP/2 knows no Upgrade (RFC 9113 section 8.6): such a request lets the backend choose nothing.
        if (!backend.Address.Tls || exchange.UpgradeTo is not null)
        {
            return _http1.AttemptAsync(exchange, backend, onNewConnection);
        }

        return backend.ChoosesHttp2 && exchange.Personal?.Backend != backend
            ? InHttp2Async(exchange, backend, null)
            : InHttp1Async(exchange, backend, onNewConnection);
    }

    public override void Sweep(long now)
    {
        _http1.Sweep(now);
        _http2.Sweep(now);
    }

    public override void Dispose()
    {
        _http1.Dispose();
        _http2.Dispose();
    }

    private async FrameTask<AttemptResult> InHttp1Async(Exchange exchange, Backend backend, bool onNewConnection)
    {
        if (_http1.TakeKept(exchange, backend, onNewConnection) is { } kept)
        {
            return await _http1.RunAsync(exchange, backend, kept);
        }

        exchange.Timer.Wait(TimeLimit.None, TimeSpan.Zero);
        var start = Stopwatch.GetTimestamp();
        Stream stream;
        try
        {
            stream = await _connector.ConnectAsync(
                backend.Address, exchange.Timer.Token, c => Count(c, backend));
        }
        catch (Exception e) when (Http1Forwarder.IsConnectFailure(e))
        {
            return Http1Forwarder.NotConnected(exchange, e);
        }

        exchange.ConnectTime = Stopwatch.GetElapsedTime(start);
        backend.ChoosesHttp2 = Handover.IsHttp2(stream);
        return backend.ChoosesHttp2
            ? await InHttp2Async(exchange, backend, stream)
            : await _http1.RunAsync(exchange, backend, new BackendConnection(stream, Environment.TickCount64));
    }

    private async FrameTask<AttemptResult> InHttp2Async(Exchange exchange, Backend backend, Stream? made)
    {
        using var handover = new Handover(made);
        var took = exchange.ConnectTime;
        var result = await _http2.AttemptAsync(exchange, backend, handover);
        exchange.ConnectTime = made is null ? exchange.ConnectTime : took;
        if (result.Error != ForwardError.ConnectFailed || handover.TakeHttp1() is not { } stream)
        {
            return result;
        }

        if (exchange.Timer.Token.IsCancellationRequested || result.RequestBodyTouched)
        {
            await stream.DisposeAsync();
            return result;
        }

        // Nothing was sent: the backend has only said what it speaks now.
        backend.ChoosesHttp2 = false;
        return await _http1.RunAsync(exchange, backend, new BackendConnection(stream, Environment.TickCount64));
    }

    private BackendConnector ConnectorFor(PoolOptions options) =>
        new(options.Timeouts.Connect, _time) { Tls = new BackendTls(options.Tls, BackendProtocol.Auto) };
}
