using System.Net.Sockets;

namespace MiniLB.Transport;

/// <summary>Tells a peer that cannot be reached from a process that may open no more sockets, which says nothing about
/// any peer.</summary>
internal static class SocketShortage
{
    /// <param name="error">EMFILE and ENFILE are the first, ENOBUFS is the second of them.</param>
    public static bool Is(SocketError error) =>
        error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable;

    /// <returns>True where it is the cause, at whatever depth.</returns>
    public static bool IsIn(Exception? e)
    {
        while (e is not null)
        {
            if (e is SocketException socket && Is(socket.SocketErrorCode))
            {
                return true;
            }

            e = e.InnerException;
        }

        return false;
    }
}
