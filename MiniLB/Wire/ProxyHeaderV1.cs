using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MiniLB.Wire;

/// <summary>Version 1 of the PROXY protocol: a line of text (section 2.1).</summary>
internal static class ProxyHeaderV1
{
    /// <summary>The longest line that the protocol knows, with its end.</summary>
    public const int MostBytes = 107;

    // The longest text of an address: IPv6 with an IPv4 address at its end.
    private const int LongestAddress = 45;

    private static readonly SearchValues<byte> AddressBytes = SearchValues.Create(".:0123456789ABCDEFabcdef"u8);

    private static ReadOnlySpan<byte> Start => "PROXY "u8;

    /// <summary>True where the bytes are the beginning of such a line, as far as they go.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> received) => received.Length < Start.Length
        ? Start.StartsWith(received)
        : received.StartsWith(Start);

    public static ProxyHeaderError Read(ReadOnlySpan<byte> received, out ProxyHeader header, out int length)
    {
        (header, length) = (default, 0);
        var line = received[..Math.Min(received.Length, MostBytes)];
        var end = line.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0 || (end == line.Length - 1 && line[end] == '\r'))
        {
            return line.Length == MostBytes ? ProxyHeaderError.LineEnd : ProxyHeaderError.Incomplete;
        }

        if (!line[end..].StartsWith("\r\n"u8))
        {
            return ProxyHeaderError.LineEnd;
        }

        length = end + 2;
        return TryRead(line[Start.Length..end], out header) ? ProxyHeaderError.None : ProxyHeaderError.Line;
    }

    /// <summary>Writes the line of a client with an address.</summary>
    /// <param name="source">The client.</param>
    /// <param name="destination">Where it connected to; of the same family.</param>
    /// <param name="to">Has room for <see cref="MostBytes"/>.</param>
    /// <returns>Its length.</returns>
    public static int Write(IPEndPoint source, IPEndPoint destination, Span<byte> to)
    {
        var isIPv4 = source.AddressFamily == AddressFamily.InterNetwork;
        var at = Append(isIPv4 ? "PROXY TCP4 "u8 : "PROXY TCP6 "u8, to, 0);
        at = Append(" "u8, to, AppendAddress(source.Address, to, at));
        at = Append(" "u8, to, AppendAddress(destination.Address, to, at));
        at = Append(" "u8, to, AppendPort(source.Port, to, at));
        return Append("\r\n"u8, to, AppendPort(destination.Port, to, at));
    }

    private static bool TryRead(ReadOnlySpan<byte> line, out ProxyHeader header)
    {
        header = default;
        // What follows it is to be ignored.
        if (line.SequenceEqual("UNKNOWN"u8) || line.StartsWith("UNKNOWN "u8))
        {
            header = new ProxyHeader(ProxyOrigin.Unknown, null, null);
            return true;
        }

        Span<Range> words = stackalloc Range[6];
        if (Split(line, words) != 5 || !TryFamily(line[words[0]], out var family)
            || !TryAddress(line[words[1]], family, out var source)
            || !TryAddress(line[words[2]], family, out var destination)
            || !TryPort(line[words[3]], out var sourcePort) || !TryPort(line[words[4]], out var destinationPort))
        {
            return false;
        }

        header = new ProxyHeader(ProxyOrigin.Address,
            new IPEndPoint(source, sourcePort), new IPEndPoint(destination, destinationPort));
        return true;
    }

    // Exactly one blank between words.
    private static int Split(ReadOnlySpan<byte> line, Span<Range> words)
    {
        var count = 0;
        foreach (var word in line.Split((byte)' '))
        {
            if (count == words.Length)
            {
                return count;
            }

            words[count++] = word;
        }

        return count;
    }

    private static bool TryFamily(ReadOnlySpan<byte> word, out AddressFamily family)
    {
        family = word.SequenceEqual("TCP4"u8) ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        return family == AddressFamily.InterNetwork || word.SequenceEqual("TCP6"u8);
    }

    private static bool TryAddress(ReadOnlySpan<byte> word, AddressFamily family, out IPAddress address)
    {
        address = IPAddress.None;
        Span<char> text = stackalloc char[LongestAddress];
        // IPAddress takes scopes and brackets too, and of IPv4 hexadecimal, octal and shortened forms.
        if (word.Length > text.Length || word.ContainsAnyExcept(AddressBytes))
        {
            return false;
        }

        text = text[..Encoding.ASCII.GetChars(word, text)];
        if (!IPAddress.TryParse(text, out var parsed) || parsed.AddressFamily != family)
        {
            return false;
        }

        address = parsed;
        Span<char> written = stackalloc char[LongestAddress];
        return family == AddressFamily.InterNetworkV6
            || (parsed.TryFormat(written, out var length) && text.SequenceEqual(written[..length]));
    }

    private static bool TryPort(ReadOnlySpan<byte> word, out int port)
    {
        var isNumber = Numbers.TryDecimal(word, out var number);
        port = (int)Math.Min(number, int.MaxValue);
        return isNumber && port <= ushort.MaxValue && (word.Length == 1 || word[0] != '0');
    }

    private static int AppendAddress(IPAddress address, Span<byte> to, int at)
    {
        address.TryFormat(to[at..], out var length);
        // The scope means something on this machine alone.
        var scope = to.Slice(at, length).IndexOf((byte)'%');
        return at + (scope < 0 ? length : scope);
    }

    private static int AppendPort(int port, Span<byte> to, int at)
    {
        port.TryFormat(to[at..], out var length, provider: System.Globalization.CultureInfo.InvariantCulture);
        return at + length;
    }

    private static int Append(ReadOnlySpan<byte> bytes, Span<byte> to, int at)
    {
        bytes.CopyTo(to[at..]);
        return at + bytes.Length;
    }
}
