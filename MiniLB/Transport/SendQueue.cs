using System.Net.Sockets;

namespace MiniLB.Transport;

/// <summary>What a socket's peer has not taken yet.</summary>
internal static class SendQueue
{
    /// <returns>Bytes sent by us and not acknowledged; 0 where that cannot be told.</returns>
    public static int Untaken(Socket socket)
    {
        try
        {
            return OperatingSystem.IsLinux()
                && NativeMethods.ControlSocket(socket.SafeHandle, NativeMethods.Tiocoutq, out var bytes) == 0
                ? bytes
                : 0;
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }
}
