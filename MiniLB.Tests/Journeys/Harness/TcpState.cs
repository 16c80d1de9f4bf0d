using System.Net.Sockets;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>What the kernel knows of a connection.</summary>
internal static class TcpState
{
    /// <summary>How many connections a port of 127.0.0.1 has accepted that are open still.</summary>
    public static int ConnectionsTo(int port) => File.ReadLines("/proc/net/tcp")
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Count(fields => fields[1].EndsWith($":{port:X4}", StringComparison.Ordinal) && fields[3] == "01");

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
