using Microsoft.AspNetCore.Connections;
using MiniLB.Async;
using MiniLB.State;

namespace MiniLB.RequestPath.Accept.Http2;

/// <summary>Serves HTTP/2 connections.</summary>
/// <param name="serve">Serves a request whose head was read.</param>
/// <param name="refuse">Answers a request whose head cannot be accepted.</param>
internal sealed class Http2Server(
    World world, Lifecycle lifecycle, Func<Exchange, FrameTask> serve, Func<Exchange, HeadRefusal, FrameTask> refuse,
    ILogger<Http2Server> logger)
{
    public Func<Exchange, FrameTask> Serve => serve;

    public Func<Exchange, HeadRefusal, FrameTask> Refuse => refuse;

    public Task RunAsync(ConnectionContext context, ClientConnection client) =>
        new Http2Connection(context, client, world, lifecycle, this).RunAsync(context.Transport.Input);

    /// <summary>A client has broken the rules.</summary>
    public void Failed(ClientConnection client, Http2Exception e) =>
        AcceptLog.Http2Failed(logger, client.PeerText, e.Message, e.Code);
}
