using System.Net.Sockets;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>What the kernel knows of a connection.</summary>
internal static class TcpState
{
    /// <summary>True once its peer has ended or reset it. Not found by reading: what was sent before an end hides
    /// it.</summary>
    public static bool IsGone(Socket socket)
    {
        const int Tcp = 6;
        const int TcpInfo = 11;
        const byte Established = 1;
        Span<byte> info = stackalloc byte[104];
        try
        {
            socket.GetRawSocketOption(Tcp, TcpInfo, info);
            return info[0] != Established;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }
}
