using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Floods;

/// <summary>A client that floods for a while, or until it is stopped.</summary>
internal static class FloodingClient
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(1);
    private const long LargestVolume = 256 * 1024 * 1024;

    /// <summary>Returns what became of the connection, and the bytes that were taken.</summary>
    public static async Task<(FloodEnd End, long Sent)> RunAsync(Uri url, Flood flood)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Parse(url.Host), url.Port);
        var gone = flood.Reads ? DrainAsync(socket) : Task.Delay(Timeout.Infinite);
        var watch = Stopwatch.StartNew();
        var sent = 0L;
        var next = (byte[])[.. Frame.Preface, .. Frame.Settings().ToBytes(), .. flood.Opening];
        for (var burst = 0; watch.Elapsed < Duration && sent < LargestVolume; burst++)
        {
            var end = gone.IsCompleted ? FloodEnd.Closed : await SendAsync(socket, next);
            if (end != FloodEnd.Served)
            {
                return (end, sent);
            }

            sent += next.Length;
            next = flood.Burst(burst);
        }

        // An end that is under way is an end.
        await Task.WhenAny(gone, Task.Delay(Stall));
        return (gone.IsCompleted ? FloodEnd.Closed : FloodEnd.Served, sent);
    }

    private static async Task<FloodEnd> SendAsync(Socket socket, byte[] bytes)
    {
        using var limit = new CancellationTokenSource(Stall);
        try
        {
            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await socket.SendAsync(bytes.AsMemory(sent), SocketFlags.None, limit.Token);
            }

            return FloodEnd.Served;
        }
        catch (OperationCanceledException)
        {
            return FloodEnd.Stalled;
        }
        catch (SocketException)
        {
            return FloodEnd.Closed;
        }
    }

    private static async Task DrainAsync(Socket socket)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, SocketFlags.None) > 0)
            {
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // An end as well.
        }
    }
}
