using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using MiniLB.Async;
using MiniLB.RequestPath.Forward;
using MiniLB.Config.Options;
using MiniLB.State;
using MiniLB.Transport.Epoll;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Accept;

/// <summary>Serves HTTP/1.x connections: one request after another, until either side has had enough.</summary>
/// <param name="serve">Serves a request whose head was read.</param>
/// <param name="refuse">Answers a request whose head cannot be accepted.</param>
internal sealed class Http1Server(
    World world, Lifecycle lifecycle, Func<Exchange, FrameTask> serve, Func<Exchange, HeadRefusal, FrameTask> refuse)
{
    public async FrameTask RunAsync(ConnectionContext context, ClientConnection connection)
    {
        var limits = LimitsOf(world.Current.Options.Limits);
        var exchange = new Http1Exchange(connection, lifecycle, world.Current, context.Transport);
        var reader = new RequestHeadReader(context.Transport.Input, connection, limits);
        var lingers = false;
        try
        {
            do
            {
                var head = await reader.ReadAsync(exchange.Head);
                if (head == HeadRefusal.ConnectionEnds)
                {
                    break;
                }

                connection.Enter(ClientPhase.Serving);
                exchange.Begin(world.Current, limits);
                await (head == HeadRefusal.None ? serve(exchange) : refuse(exchange, head));
                lingers = head != HeadRefusal.None
                    || (!exchange.Body.IsComplete && !await CanDiscardAsync(exchange, connection));
                if (!lingers)
                {
                    connection.Enter(ClientPhase.Idle);
                }
            }
            while (!lingers && exchange.KeepsAlive);
            lingers |= HasUnread(context.Transport.Input)
                || (connection.Tls is not null && context is LoopConnection { HasInput: true });
        }
        catch (Exception e) when (e is ConnectionResetException or ConnectionAbortedException or IOException
            or OperationCanceledException)
        {
            lingers = false; // The client has gone.
        }
        finally
        {
            exchange.Timer.Close();
            PersonalConnection.ReleaseAll(exchange);
        }

        if (lingers)
        {
            await ((context as LoopConnection)?.SettleAsync() ?? default);
            await Linger.RunAsync(context.Transport.Input, connection);
        }
    }

    /// <summary>True where the client has sent more than its last request.</summary>
    private static bool HasUnread(PipeReader input)
    {
        if (!input.TryRead(out var read))
        {
            return false;
        }

        input.AdvanceTo(read.Buffer.Start);
        return !read.IsCompleted && !read.Buffer.IsEmpty;
    }

    /// <summary>Reads what is left of a body that nobody wanted.</summary>
    /// <returns>False where the client may still be sending what nobody will read.</returns>
    private static ValueTask<bool> CanDiscardAsync(Http1Exchange exchange, ClientConnection connection)
    {
        connection.Enter(ClientPhase.Reading);
        return exchange.KeepsAlive ? exchange.Body.DiscardAsync(connection) : new ValueTask<bool>(false);
    }

    private static HeadLimits LimitsOf(LimitOptions limits) =>
        new((int)limits.RequestLine, (int)limits.HeaderBytes, limits.Headers);
}
