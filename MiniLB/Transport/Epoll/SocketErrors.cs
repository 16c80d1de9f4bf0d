using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace MiniLB.Transport.Epoll;

/// <summary>What the error number of a system call is to those above, who know .NET's exceptions.</summary>
internal static class SocketErrors
{
    /// <param name="number">As asm-generic/errno.h has it.</param>
    public static SocketException Of(int number) => new((int)Name(number));

    /// <param name="outcome">Negative: see <see cref="LoopSocket"/>.</param>
    public static IOException Exception(int outcome)
    {
        if (outcome == LoopSocket.Closed)
        {
            return new IOException("the connection was closed here");
        }

        var error = Of(-outcome);
        return error.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown
            ? new ConnectionResetException(error.Message, error)
            : new IOException(error.Message, error);
    }

    private static SocketError Name(int number) => number switch
    {
        1 or 13 => SocketError.AccessDenied,
        12 or 105 => SocketError.NoBufferSpaceAvailable,
        23 or 24 => SocketError.TooManyOpenSockets,
        EpollMethods.BrokenPipe => SocketError.Shutdown,
        97 => SocketError.AddressFamilyNotSupported,
        99 => SocketError.AddressNotAvailable,
        100 => SocketError.NetworkDown,
        101 => SocketError.NetworkUnreachable,
        103 => SocketError.ConnectionAborted,
        EpollMethods.ConnectionReset => SocketError.ConnectionReset,
        107 => SocketError.NotConnected,
        110 => SocketError.TimedOut,
        111 => SocketError.ConnectionRefused,
        112 => SocketError.HostDown,
        113 => SocketError.HostUnreachable,
        _ => SocketError.SocketError,
    };
}
