using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>Kestrel's end of WebSockets.</summary>
internal static class WebSocketPeer
{
    /// <summary>A server that sends every message back as it came, and a close with its own words.</summary>
    public static Task<PeerServer> EchoAsync() => StartAsync((socket, _) => EchoAsync(socket));

    /// <param name="talk">Called with each socket; plain requests are answered "plain", those for /refuse 403.</param>
    public static Task<PeerServer> StartAsync(Func<WebSocket, HttpContext, Task> talk) =>
        PeerServer.StartAsync(
            _ => { },
            app => app.UseWebSockets().Run(context => AnswerAsync(context, talk)),
            HttpProtocols.Http1);

    private static async Task AnswerAsync(HttpContext context, Func<WebSocket, HttpContext, Task> talk)
    {
        if (context.Request.Path == "/refuse")
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync("not you");
            return;
        }

        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.ContentLength = 5;
            await context.Response.WriteAsync("plain");
            return;
        }

        context.Response.Headers["X-Seen"] = context.Request.Headers["X-Sent"];
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = context.WebSockets.WebSocketRequestedProtocols.LastOrDefault(),
            DangerousEnableCompression = true, // where the client offers it
            KeepAliveInterval = TimeSpan.Zero,
        });
        await talk(socket, context);
    }

    private static async Task EchoAsync(WebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(
                    socket.CloseStatus!.Value, $"heard: {socket.CloseStatusDescription}", CancellationToken.None);
                return;
            }

            await socket.SendAsync(
                buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, CancellationToken.None);
        }
    }
}
