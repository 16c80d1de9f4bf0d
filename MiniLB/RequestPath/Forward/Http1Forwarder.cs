using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
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

    /// <param name="options">The pool's.</param>
    /// <param name="time">The clock.</param>
    public Http1Forwarder(PoolOptions options, TimeProvider time)
    {
        _time = time;
        _keepAlive = options.KeepAlive;
        _connector = new BackendConnector(options.Timeouts.Connect, time);
        _kept = new PerBackend<BackendConnectionPool>(
            () => new BackendConnectionPool(_keepAlive.Idle, _keepAlive.Lifetime));
    }

    public override void Apply(PoolOptions options)
    {
        _keepAlive = options.KeepAlive;
        _connector = new BackendConnector(options.Timeouts.Connect, _time);
        foreach (var (_, kept) in _kept.All)
        {
            kept.Apply(options.KeepAlive.Idle, options.KeepAlive.Lifetime);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<AttemptResult> AttemptAsync(
        Exchange exchange, Backend backend, bool onNewConnection)
    {
        // 1
        var connection = TakeKept(exchange, backend, onNewConnection);
        if (connection is null)
        {
            exchange.Timer.Wait(TimeLimit.None, TimeSpan.Zero);
            try
            {
                connection = await ConnectAsync(exchange, backend);
            }
            catch (Exception e) when (e is SocketException or IOException or AuthenticationException
                or OperationCanceledException)
            {
                var fired = exchange.Timer.Token.IsCancellationRequested;
                return new AttemptResult(fired ? exchange.Timer.Cause : ForwardError.ConnectFailed, Cause: e);
            }
        }

        // 2 to 4; whatever ends the exchange early ends the connection, and with it every wait on it.
        AttemptResult result;
        bool keeps;
        await using (exchange.Timer.Token.UnsafeRegister(
            static c => ((BackendConnection)c!).Dispose(), connection))
        {
            try
            {
                (result, keeps) = await new Http1Attempt(exchange, backend, connection).RunAsync();
            }
            catch
            {
                // Nobody else knows of it: it would stay open for ever.
                connection.Dispose();
                throw;
            }
        }

        // 5
        Release(exchange, backend, connection, keeps);
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

    private BackendConnection? TakeKept(Exchange exchange, Backend backend, bool onNewConnection)
    {
        if (exchange.Personal is { } personal && personal.Backend == backend)
        {
            exchange.Personal = null;
            if (personal.Connection.IsQuiet && !onNewConnection)
            {
                return personal.Connection;
            }

            personal.Connection.Dispose();
        }

        return onNewConnection ? null : _kept.Of(backend).TryTake();
    }

    private async ValueTask<BackendConnection> ConnectAsync(Exchange exchange, Backend backend)
    {
        var start = Stopwatch.GetTimestamp();
        var stream = await _connector.ConnectAsync(
            backend.Address, exchange.Timer.Token, socket => Open(socket, backend));
        exchange.ConnectTime = Stopwatch.GetElapsedTime(start);
        return new BackendConnection(stream, Environment.TickCount64);
    }

    private void Release(Exchange exchange, Backend backend, BackendConnection connection, bool keeps)
    {
        // What is personal is a session too, which goes on while its backend drains.
        if (!keeps || backend.HasLeft || backend.Mode == BackendMode.Disabled
            || (backend.Mode == BackendMode.Draining && !connection.IsPersonal))
        {
            connection.Dispose();
        }
        else if (!connection.IsPersonal)
        {
            _kept.Of(backend).GiveBack(connection);
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
