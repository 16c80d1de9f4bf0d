using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Security.Cryptography;
using MiniLB.Load.Engine;
using MiniLB.Load.Http;

namespace MiniLB.Load.Scenarios;

/// <summary>A message through an open WebSocket, and its echo. The sockets are kept; opening one counts with the
/// message that it was opened for.</summary>
internal sealed class WebSocketScenario(Target target) : IScenario
{
    private const int MessageBytes = 64;

    private readonly Uri _url = new UriBuilder(target.Url.Url)
    {
        Scheme = target.Url.IsTls ? "wss" : "ws",
    }.Uri;

    private readonly ConcurrentStack<ClientWebSocket> _idle = new();

    public async ValueTask<Outcome> RequestAsync()
    {
        ClientWebSocket? socket = null;
        using var limit = new CancellationTokenSource(HttpConnections.Limit);
        try
        {
            socket = _idle.TryPop(out var kept) ? kept : await ConnectAsync(limit.Token);
            var isEchoed = await EchoAsync(socket, limit.Token);
            if (isEchoed)
            {
                _idle.Push(socket);
                return new Outcome(null, null, MessageBytes, MessageBytes);
            }

            socket.Dispose();
            return Outcome.Failed("wrong echo");
        }
        catch (Exception e) when (FailureNames.IsFailure(e))
        {
            socket?.Dispose();
            return Outcome.Failed(FailureNames.Of(e));
        }
    }

    public void Dispose()
    {
        while (_idle.TryPop(out var socket))
        {
            socket.Dispose();
        }
    }

    private async Task<ClientWebSocket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            await socket.ConnectAsync(_url, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<bool> EchoAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        var sent = RandomNumberGenerator.GetBytes(MessageBytes);
        await socket.SendAsync(sent, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        var received = new byte[MessageBytes + 1];
        var count = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(received.AsMemory(count), cancellationToken);
            count += part.Count;
            if (part.EndOfMessage || part.MessageType == WebSocketMessageType.Close || count > MessageBytes)
            {
                return received.AsSpan(0, count).SequenceEqual(sent);
            }
        }
    }
}
