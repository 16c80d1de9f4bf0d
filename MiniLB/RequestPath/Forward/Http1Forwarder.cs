using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Authentication;
using MiniLB.Async;
using MiniLB.Config.Options;
using MiniLB.State;
using MiniLB.Transport;

namespace MiniLB.RequestPath.Forward;

/// <summary>Makes attempts in HTTP/1.1.</summary>
/// <remarks>The steps: 1 find a connection, 2 send the request, 3 read the head of the answer, 4 pass the answer on or
/// switch protocols, 5 keep the connection or close it.</remarks>
internal sealed class Http1Forwarder : Forwarder
{
    private readonly PerBackend<BackendConnectionPool> _kept;
    private readonly TimeProvider _time;

    // Written at a reload, read by requests.
    private volatile KeepAliveOptions _keepAlive;
    private volatile BackendConnector _connector;
    private volatile ProxyProtocolVersion _introduces;
    private volatile BackendTls _tls;

    /// <param name="options">The pool's.</param>
    /// <param name="time">The clock.</param>
    public Http1Forwarder(PoolOptions options, TimeProvider time)
    {
        _time = time;
        _keepAlive = options.KeepAlive;
        _introduces = options.SendProxyProtocol;
        _tls = new BackendTls(options.Tls, BackendProtocol.Http11);
        _connector = new BackendConnector(options.Timeouts.Connect, time) { Tls = _tls };
        _kept = new PerBackend<BackendConnectionPool>(
            () => new BackendConnectionPool(_keepAlive.Idle, _keepAlive.Lifetime));
    }

    public override void Apply(PoolOptions options)
    {
        var isSecuredAnew = options.Tls != _tls.Options;
        _keepAlive = options.KeepAlive;
        _introduces = options.SendProxyProtocol;
        _tls = isSecuredAnew ? new BackendTls(options.Tls, BackendProtocol.Http11) : _tls;
        _connector = new BackendConnector(options.Timeouts.Connect, _time) { Tls = _tls };
        foreach (var (backend, kept) in _kept.All)
        {
            kept.Apply(options.KeepAlive.Idle, options.KeepAlive.Lifetime);
            if (isSecuredAnew && backend.Address.Tls)
            {
                kept.Clear();
            }
        }
    }

    public override FrameTask<AttemptResult> AttemptAsync(Exchange exchange, Backend backend, bool onNewConnection) =>
        // 1
        TakeKept(exchange, backend, onNewConnection) is { } connection
            ? RunAsync(exchange, backend, connection)
            : ConnectAndRunAsync(exchange, backend);

    /// <summary>What connecting may end with.</summary>
    public static bool IsConnectFailure(Exception e) =>
        e is SocketException or IOException or AuthenticationException or OperationCanceledException;

    public static AttemptResult NotConnected(Exchange exchange, Exception e)
    {
        var fired = exchange.Timer.Token.IsCancellationRequested;
        return new AttemptResult(
            fired ? exchange.Timer.Cause : SocketShortage.IsIn(e) ? ForwardError.NoDescriptors
            : ForwardError.ConnectFailed,
            Cause: e);
    }

    /// <summary>The steps after the first.</summary>
    public async FrameTask<AttemptResult> RunAsync(Exchange exchange, Backend backend, BackendConnection connection)
    {
        // 2 to 4; whatever ends the exchange early ends the connection, and with it every wait on it.
        exchange.Timer.Guard(connection);
        AttemptResult result;
        bool keeps;
        try
        {
            (result, keeps) = await new Http1Attempt(exchange, backend, connection).RunAsync();
        }
        catch
        {
            // Nobody else knows of it: it would stay open for ever.
            exchange.Timer.LetGo();
            connection.Dispose();
            throw;
        }

        // 5
        Release(exchange, backend, connection, exchange.Timer.LetGo() && keeps);
        return result;
    }

    public override void Sweep(long now)
    {
        foreach (var (backend, kept) in _kept.All)
        {
            if (backend.KeepsConnections)
            {
                kept.Sweep(now);
            }
            else if (!backend.HasLeft || backend.InFlight > 0)
            {
                kept.Clear();
            }
            else
            {
                _kept.Remove(backend)?.Dispose();
            }
        }
    }

    public override void Dispose()
    {
        foreach (var (_, kept) in _kept.All)
        {
            kept.Dispose();
        }
    }

    /// <returns>Null where a new connection is to be made.</returns>
    public BackendConnection? TakeKept(Exchange exchange, Backend backend, bool onNewConnection)
    {
        var tls = backend.Address.Tls ? _tls.Options : null;
        var introduction = IntroductionOf(exchange).Span;
        if (exchange.Personal is { } personal && personal.Backend == backend)
        {
            exchange.Personal = null;
            if (personal.Connection.IsQuiet && !onNewConnection && personal.Connection.Tls == tls
                && personal.Connection.Introduction.Span.SequenceEqual(introduction))
            {
                return personal.Connection;
            }

            personal.Connection.Dispose();
        }

        return onNewConnection ? null
            : introduction.IsEmpty ? _kept.Of(backend).TryTake(tls)
            : TakeIntroduced(exchange, backend, introduction, tls);
    }

    private BackendConnection? TakeIntroduced(
        Exchange exchange, Backend backend, ReadOnlySpan<byte> introduction, BackendTlsOptions? tls)
    {
        var taken = exchange.Introduced?.TryTake(backend, introduction, _keepAlive, Environment.TickCount64);
        if (taken is null || taken.Tls == tls)
        {
            return taken;
        }

        taken.Retire();
        return null;
    }

    private async FrameTask<AttemptResult> ConnectAndRunAsync(Exchange exchange, Backend backend)
    {
        exchange.Timer.Wait(TimeLimit.None, TimeSpan.Zero);
        BackendConnection connection;
        try
        {
            connection = await ConnectAsync(exchange, backend);
        }
        catch (Exception e) when (IsConnectFailure(e))
        {
            return NotConnected(exchange, e);
        }

        return await RunAsync(exchange, backend, connection);
    }

    private async ValueTask<BackendConnection> ConnectAsync(Exchange exchange, Backend backend)
    {
        var start = Stopwatch.GetTimestamp();
        var introduction = IntroductionOf(exchange);
        var stream = await _connector.ConnectAsync(
            backend.Address, exchange.Timer.Token, c => Count(c, backend), introduction);
        exchange.ConnectTime = Stopwatch.GetElapsedTime(start);
        return new BackendConnection(stream, Environment.TickCount64) { Introduction = introduction };
    }

    private ReadOnlyMemory<byte> IntroductionOf(Exchange exchange)
    {
        if (_introduces == ProxyProtocolVersion.Off)
        {
            return default;
        }

        Span<byte> introduction = stackalloc byte[Introduction.MostBytes];
        return introduction[..Introduction.Write(exchange, _introduces, introduction)].ToArray();
    }

    private void Release(Exchange exchange, Backend backend, BackendConnection connection, bool keeps)
    {
        if (keeps && backend.Address.Tls && connection.Tls != _tls.Options)
        {
            // Secured as nobody wants it any more. Kept for a moment, it can say its end.
            connection.TryKeep(Environment.TickCount64);
            connection.Retire();
            return;
        }

        // What is personal is a session too, which goes on while its backend drains.
        if (!keeps || backend.HasLeft || backend.Mode == BackendMode.Disabled
            || (backend.Mode == BackendMode.Draining && !connection.IsPersonal))
        {
            connection.Dispose();
        }
        else if (!connection.IsPersonal && connection.Introduction.IsEmpty)
        {
            _kept.Of(backend).GiveBack(connection);
        }
        else if (!connection.IsPersonal)
        {
            (exchange.Introduced ??= new IntroducedConnections()).Keep(
                backend, connection, Environment.TickCount64);
        }
        else if (exchange.Personal is null && connection.TryKeep(Environment.TickCount64))
        {
            exchange.Personal = new PersonalConnection(backend, connection);
        }
        else
        {
            connection.Dispose();
        }
    }
}
