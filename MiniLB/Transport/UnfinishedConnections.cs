using System.Globalization;

namespace MiniLB.Transport;

/// <summary>What the kernel still has to do for the connections of a listening port, also those that this process has
/// not accepted yet or has closed already.</summary>
internal static class UnfinishedConnections
{
    // By then 0.6 s have passed on a near network: that peer has gone.
    private const int MostRepeats = 1;

    // Not /proc/net: the systemd unit shows no more of /proc than processes (ProcSubset=pid).
    private static readonly string[] Tables = ["/proc/self/net/tcp", "/proc/self/net/tcp6"];

    /// <summary>True while the peer of one may still send a request, or has not taken all that was sent.</summary>
    public static bool AnyOf(IReadOnlyCollection<int> ports)
    {
        try
        {
            return Tables.Where(File.Exists).SelectMany(File.ReadLines).Any(line => IsUnfinished(line, ports));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // a sandbox that shows no such thing: then those that were accepted have to do
        }
    }

    /// <param name="line">"sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt ...", as in
    /// "0: 0100007F:1F90 0100007F:D2A4 01 00000000:00000000 00:00000000 00000000 ...".</param>
    /// <param name="ports">Ports that are listened on.</param>
    internal static bool IsUnfinished(string line, IReadOnlyCollection<int> ports) =>
        line.Split(' ', 8, StringSplitOptions.RemoveEmptyEntries) is [_, var local, _, var state, _, _, var repeats, ..]
        && IsUnfinished(state)
        && Number(repeats) <= MostRepeats
        && ports.Contains(Number(local.AsSpan(local.LastIndexOf(':') + 1)));

    // include/net/tcp_states.h: ESTABLISHED, SYN_RECV, FIN_WAIT1, CLOSE_WAIT, LAST_ACK, CLOSING. In the others the peer
    // has acknowledged all, the end included.
    private static bool IsUnfinished(string state) => state is "01" or "03" or "04" or "08" or "09" or "0B";

    private static int Number(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number)
            ? number
            : int.MaxValue;
}
