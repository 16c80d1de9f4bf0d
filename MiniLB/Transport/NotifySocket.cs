using System.Net.Sockets;
using System.Text;

namespace MiniLB.Transport;

/// <summary>The socket on which the service manager listens to us (NOTIFY_SOCKET, sd_notify(3)).</summary>
/// <remarks>It is open from the start, so that a process that has no descriptors left can still speak, and it never
/// waits: a manager that does not listen is no reason to stop serving.</remarks>
internal sealed class NotifySocket : IDisposable
{
    private const string Variable = "NOTIFY_SOCKET";

    private readonly string _address;
    private readonly UnixDomainSocketEndPoint? _manager;
    private readonly Socket? _socket;
    private readonly string? _reason;

    private NotifySocket(string address)
    {
        (_address, _manager) = (address, Parse(address));
        try
        {
            _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        }
        catch (SocketException e)
        {
            _reason = e.Message;
        }
    }

    /// <returns>Null where nobody listens.</returns>
    public static NotifySocket? Open(Func<string, string?> read) =>
        read(Variable) is { Length: > 0 } address ? new NotifySocket(address) : null;

    /// <returns>Null where it was taken, else why not.</returns>
    public string? Send(string message)
    {
        if (_manager is null)
        {
            return $"{Variable}: '{_address}' is neither a path nor an abstract name";
        }

        if (_socket is null)
        {
            return $"{Variable}: '{_address}': {_reason}";
        }

        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(message), _manager);
            return null;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return $"{Variable}: '{_address}': {e.Message}";
        }
    }

    public void Dispose() => _socket?.Dispose();

    private static UnixDomainSocketEndPoint? Parse(string address)
    {
        try
        {
            return address[0] switch
            {
                '/' => new UnixDomainSocketEndPoint(address),
                '@' => new UnixDomainSocketEndPoint('\0' + address[1..]),
                _ => null,
            };
        }
        catch (ArgumentException)
        {
            return null; // too long
        }
    }
}
