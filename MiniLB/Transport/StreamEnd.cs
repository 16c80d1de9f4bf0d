using System.Net.Sockets;
using MiniLB.Transport.Epoll;

namespace MiniLB.Transport;

/// <summary>The ways to end the stream of a backend connection, plain or through TLS. What has ended already is left as
/// it is.</summary>
internal static class StreamEnd
{
    /// <summary>Null for a stream without one, as tests have them.</summary>
    public static Socket? SocketOf(Stream stream) =>
        (stream as IBackendStream)?.Socket ?? (stream as BackendTlsStream)?.Socket ?? (stream as NetworkStream)?.Socket;

    /// <summary>Ends the sending side; the other side may go on.</summary>
    public static async ValueTask OutputAsync(Stream stream)
    {
        try
        {
            if (stream is BackendTlsStream tls)
            {
                await tls.ShutdownAsync();
            }
            else if (stream is LoopStream onLoop)
            {
                await onLoop.EndOutputAsync();
            }
            else
            {
                SocketOf(stream)?.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception e) when (e is SocketException or IOException or InvalidOperationException)
        {
            // It has ended already.
        }
    }

    /// <summary>Ends both directions with an end, where closing while a read is pending would reset.</summary>
    public static void Both(Stream stream)
    {
        try
        {
            (stream as BackendTlsStream)?.SayEnd();
            EventLoop.Current?.Batch.Send(); // what it was told just now is to leave before its end
            SocketOf(stream)?.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or IOException or InvalidOperationException)
        {
            // It has ended already.
        }
    }

    /// <summary>Has closing reset it where something waits that the other side does not take: an end would wait behind
    /// it, until the kernel gives up minutes later.</summary>
    public static void ResetWhatIsStuck(Stream stream)
    {
        if (SocketOf(stream) is { } socket && SendQueue.Untaken(socket) > 0)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
    }
}
