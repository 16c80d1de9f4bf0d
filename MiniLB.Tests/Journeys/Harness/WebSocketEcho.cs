using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>A backend that sends WebSocket messages back, and the asking of it.</summary>
internal static class WebSocketEcho
{
    /// <summary>Sends each WebSocket message back.</summary>
    public static Task<TestBackend> StartAsync() => TestBackend.StartAsync(async c =>
    {
        if (c.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } upgrade)
        {
            return;
        }

        const string Salt = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, section 1.3
        c.Response.Headers.Upgrade = "websocket";
        c.Response.Headers.SecWebSocketAccept = Convert.ToBase64String(
            Hash(Encoding.ASCII.GetBytes(c.Request.Headers.SecWebSocketKey + Salt)));
        await using var stream = await upgrade.UpgradeAsync();
        using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer, c.RequestAborted) is { MessageType: not WebSocketMessageType.Close } got)
        {
            await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, c.RequestAborted);
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    });

    /// <returns>What came back.</returns>
    public static async Task<string> AskAsync(ClientWebSocket socket, string text)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, deadline.Token);
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer, deadline.Token);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455 wants SHA-1")]
    private static byte[] Hash(byte[] data) => SHA1.HashData(data);
}
