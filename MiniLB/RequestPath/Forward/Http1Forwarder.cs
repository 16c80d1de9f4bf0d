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
    private readonly BackendConnector _connector;
    private readonly Backend[] _backends;
    private readonly BackendConnectionPool[] _kept;

    /// <param name="options">The pool's.</param>
    /// <param name="backends">All of the pool, by index.</param>
    /// <param name="time">The clock.</param>
    public Http1Forwarder(PoolOptions options, Backend[] backends, TimeProvider time)
    {
        _backends = backends;
        _connector = new BackendConnector(options.Timeouts.Connect, time);
        _kept = [.. backends.Select(
            _ => new BackendConnectionPool(options.KeepAlive.Idle, options.KeepAlive.Lifetime))];
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
        foreach (var backend in _backends)
        {
            if (backend.Mode == BackendMode.Enabled)
            {
                _kept[backend.Index].Sweep(now);
            }
            else
            {
                _kept[backend.Index].Clear();
            }
        }
    }

    public override void Dispose()
    {
        foreach (var pool in _kept)
        {
            pool.Dispose();
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

        return onNewConnection ? null : _kept[backend.Index].TryTake();
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
        if (!keeps || backend.Mode == BackendMode.Disabled
            || (backend.Mode == BackendMode.Draining && !connection.IsPersonal))
        {
            connection.Dispose();
        }
        else if (!connection.IsPersonal)
        {
            _kept[backend.Index].GiveBack(connection);
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
