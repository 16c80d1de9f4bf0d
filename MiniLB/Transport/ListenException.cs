using System.Net;
using System.Net.Sockets;

namespace MiniLB.Transport;

/// <summary>An address could not be listened on.</summary>
internal sealed class ListenException(EndPoint endpoint, SocketException cause)
    : Exception($"cannot listen on {endpoint}: {cause.Message}{WayOut(endpoint, cause.SocketErrorCode)}", cause)
{
    // The kernel's default of net.ipv4.ip_unprivileged_port_start, which holds for IPv6 too.
    private const int FirstOpenPort = 1024;

    public bool IsAddressInUse { get; } = cause.SocketErrorCode == SocketError.AddressAlreadyInUse;

    private static string WayOut(EndPoint endpoint, SocketError error) =>
        error == SocketError.AccessDenied && endpoint is IPEndPoint { Port: < FirstOpenPort }
            ? "; a port below 1024 needs CAP_NET_BIND_SERVICE, which AmbientCapabilities gives in a systemd unit and "
                + "`setcap cap_net_bind_service+ep FILE` gives the executable, or a lower sysctl "
                + "net.ipv4.ip_unprivileged_port_start"
            : "";
}
