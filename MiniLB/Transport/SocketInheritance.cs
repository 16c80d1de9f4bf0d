using System.Net.Sockets;

namespace MiniLB.Transport;

/// <summary>Whether a process that is started gets a socket too.</summary>
/// <remarks>It also says how .NET closes the socket. One that no other process can have it may shut down first, which
/// ends it for everybody (SafeSocketHandle.TryUnblockSocket); one that others may have it only closes.</remarks>
internal static class SocketInheritance
{
    public static void Allow(Socket socket) => Control(socket, NativeMethods.Fionclex);

    public static void Deny(Socket socket) => Control(socket, NativeMethods.Fioclex);

    private static void Control(Socket socket, nuint request)
    {
        if (NativeMethods.ControlSocket(socket.SafeHandle, request, out _) != 0)
        {
            throw new SocketException();
        }
    }
}
