using System.Net;
using System.Net.Sockets;

namespace MiniLB.Transport;

/// <summary>Opens sockets that listen.</summary>
internal static class ListeningSocket
{
    // The kernel lowers it to net.core.somaxconn.
    private const int Backlog = 4096;

    /// <param name="endpoint">Where to listen.</param>
    /// <param name="mode">Permission bits of a unix socket; null leaves them to the umask.</param>
    /// <exception cref="SocketException">The address is in use, forbidden or not on this machine.</exception>
    public static Socket Open(EndPoint endpoint, UnixFileMode? mode) => endpoint switch
    {
        UnixDomainSocketEndPoint unix => OpenUnix(unix, mode),
        IPEndPoint { Address: var address } ip when address.Equals(IPAddress.IPv6Any) => OpenDualStack(ip),
        _ => OpenTcp(endpoint, dualMode: false),
    };

    private static Socket OpenDualStack(IPEndPoint endpoint)
    {
        if (Socket.OSSupportsIPv6)
        {
            try
            {
                return OpenTcp(endpoint, dualMode: true);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressFamilyNotSupported
                or SocketError.AddressNotAvailable)
            {
                // The kernel knows IPv6 but this namespace has it switched off.
            }
        }

        return OpenTcp(new IPEndPoint(IPAddress.Any, endpoint.Port), dualMode: false);
    }

    private static Socket OpenTcp(EndPoint endpoint, bool dualMode)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = dualMode;
            }

            socket.Bind(endpoint);
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket OpenUnix(UnixDomainSocketEndPoint endpoint, UnixFileMode? mode)
    {
        RemoveIfStale(endpoint);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new KeptPath(endpoint));
            if (mode is { } bits && !OperatingSystem.IsWindows())
            {
                // Before listening: until then nobody can connect.
                File.SetUnixFileMode(endpoint.ToString(), bits);
            }

            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Connecting to a plain file is refused too; but a socket cannot be opened (ENXIO).
    private static bool IsFile(string path)
    {
        if (new FileInfo(path) is not { Length: 0, LinkTarget: null })
        {
            return true;
        }

        try
        {
            using var file = File.OpenHandle(path);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    // A killed process leaves its socket file behind. One that still answers is somebody's, and binding then fails.
    private static void RemoveIfStale(UnixDomainSocketEndPoint endpoint)
    {
        var path = endpoint.ToString();
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(endpoint);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused && !IsFile(path))
        {
            File.Delete(path);
        }
        catch (SocketException)
        {
            // Not a socket, or not ours to open: binding reports it.
        }
    }

    /// <summary>A path that .NET does not delete when it closes the socket: by then it may be another
    /// process's.</summary>
    private sealed class KeptPath(UnixDomainSocketEndPoint path) : EndPoint
    {
        public override AddressFamily AddressFamily => path.AddressFamily;

        public override SocketAddress Serialize() => path.Serialize();

        public override EndPoint Create(SocketAddress socketAddress) => path.Create(socketAddress);
    }
}
