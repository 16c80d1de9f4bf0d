using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using MiniLB.Config.Options;

namespace MiniLB.Transport;

/// <summary>Listening sockets that were open before the process began: systemd's, or those of the process that this one
/// replaces.</summary>
internal sealed class InheritedSockets
{
    /// <summary>Names the sockets of an upgrade, a line for each: descriptor, own or lent, client or admin, the address
    /// as configured.</summary>
    public const string Variable = "MINILB_UPGRADE_SOCKETS";

    // sd_listen_fds(3).
    private const string SystemdProcess = "LISTEN_PID";
    private const string SystemdCount = "LISTEN_FDS";
    private const int SystemdFirst = 3;

    // socket(7)
    private const int SolSocket = 1;
    private const int SoAcceptConn = 30;

    private readonly List<InheritedSocket> _left = [];

    public static InheritedSockets None => Take(_ => null);

    /// <summary>Takes over what there is. Once: descriptors are closed by whoever has them.</summary>
    /// <param name="read">The environment.</param>
    /// <exception cref="InvalidDataException">What was handed over is no listening socket.</exception>
    public static InheritedSockets Take(Func<string, string?> read)
    {
        var sockets = new InheritedSockets();
        foreach (var line in (read(Variable) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            sockets.TakeHandover(line);
        }

        // An upgraded process inherits systemd's variables too; they name another one.
        if (int.TryParse(read(SystemdCount), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && read(SystemdProcess) == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
        {
            for (var i = 0; i < count; i++)
            {
                sockets._left.Add(new InheritedSocket(
                    Adopt(SystemdFirst + i), SocketOwner.Systemd, IsAdmin: null, Text: null));
            }
        }

        return sockets;
    }

    /// <summary>Those that systemd holds and nobody wanted: they would take connections that nobody answers.</summary>
    public IEnumerable<EndPoint> Unwanted(BalancerOptions options)
    {
        var wanted = WantedListener.Of(options).ToArray();
        return _left.Where(s => s.Text is null && !Array.Exists(wanted, s.Fits)).Select(s => s.EndPoint);
    }

    /// <returns>Null where there is none for it.</returns>
    public InheritedSocket? Find(WantedListener wanted)
    {
        var found = _left.Find(s => s.Fits(wanted));
        if (found is not null)
        {
            _left.Remove(found);
        }

        return found;
    }

    /// <summary>Closes what the configuration does not name any more.</summary>
    public void CloseRest()
    {
        _left.ForEach(s => s.Close());
        _left.Clear();
    }

    private void TakeHandover(string line)
    {
        var words = line.Split(' ', 4);
        if (words.Length == 4
            && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor))
        {
            var owner = words[1] == "lent" ? SocketOwner.Systemd : SocketOwner.Processes;
            _left.Add(new InheritedSocket(Adopt(descriptor), owner, words[2] == "admin", words[3]));
        }
    }

    private static Socket Adopt(int descriptor)
    {
        var handle = new SafeSocketHandle(descriptor, ownsHandle: true);
        try
        {
            var socket = new Socket(handle);
            Span<byte> listens = stackalloc byte[sizeof(int)];
            socket.GetRawSocketOption(SolSocket, SoAcceptConn, listens);
            if (socket.SocketType == SocketType.Stream && MemoryMarshal.Read<int>(listens) != 0)
            {
                // A process that was killed while it handed over has left it there.
                SynFilter.Detach(socket);
                return socket;
            }
        }
        catch (SocketException)
        {
            // Said below.
        }

        handle.Dispose();
        throw new InvalidDataException(
            $"descriptor {descriptor}, which was handed over, is no listening stream socket; a systemd socket unit "
            + "needs ListenStream= and Accept=no");
    }
}
