using System.Net;
using System.Net.Sockets;

namespace MiniLB.Transport;

/// <summary>An address could not be listened on.</summary>
internal sealed class ListenException(EndPoint endpoint, SocketException cause)
    : Exception($"cannot listen on {endpoint}: {cause.Message}", cause)
{
    public bool IsAddressInUse { get; } = cause.SocketErrorCode == SocketError.AddressAlreadyInUse;
}
