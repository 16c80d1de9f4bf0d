using System.Net;
using System.Net.Sockets;

namespace MiniLB.Transport;

/// <summary>One listening socket that was open before the process began.</summary>
/// <param name="Socket">Listens.</param>
/// <param name="Owner">Who else has it.</param>
/// <param name="IsAdmin">Whom it is for; null where that was not said.</param>
/// <param name="Text">The address as it was configured; null where that was not said.</param>
internal sealed record InheritedSocket(Socket Socket, SocketOwner Owner, bool? IsAdmin, string? Text)
{
    public EndPoint EndPoint { get; } = Socket.LocalEndPoint!;

    /// <summary>True where it listens at the address.</summary>
    public bool Fits(WantedListener wanted) => (IsAdmin ?? wanted.IsAdmin) == wanted.IsAdmin
        && (Text is null ? ListensAt(wanted) : Text == wanted.Address.Text);

    /// <summary>Lets nobody connect to a unix socket who may not.</summary>
    /// <param name="mode">Permission bits; null where the socket's are as good.</param>
    /// <exception cref="InvalidDataException">Others may connect, and the path is not ours to change.</exception>
    public void Restrict(UnixFileMode? mode)
    {
        if (mode is not { } bits || EndPoint is not UnixDomainSocketEndPoint unix || OperatingSystem.IsWindows())
        {
            return;
        }

        var path = unix.ToString();
        try
        {
            File.SetUnixFileMode(path, bits);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever may write to it may connect (unix(7)).
            const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
            if (File.Exists(path) && (File.GetUnixFileMode(path) & ~bits & Others) != 0)
            {
                throw new InvalidDataException(
                    $"others may connect to {path}, which was handed over and cannot be changed: {e.Message}; a "
                    + "systemd socket unit needs SocketMode=0600, or admin.mode has to allow it");
            }
        }
    }

    /// <summary>Closes what is wanted by nobody.</summary>
    public void Close()
    {
        Socket.Dispose();
        if (Owner == SocketOwner.Processes && EndPoint is UnixDomainSocketEndPoint unix)
        {
            SocketPath.Delete(unix);
        }
    }

    // systemd's ListenStream=443 is [::]:443 for both families, or 0.0.0.0:443 where there is no IPv6.
    private bool ListensAt(WantedListener wanted) => EndPoint.Equals(wanted.Address.EndPoint)
        || (wanted.Address is { AnyAddress: true, EndPoint: IPEndPoint any }
            && EndPoint is IPEndPoint { Address: var address, Port: var port }
            && address.Equals(IPAddress.Any) && port == any.Port);
}
