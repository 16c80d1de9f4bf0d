using System.Buffers.Text;
using System.Text;

namespace MiniLB.Wire.Http2;

/// <summary>Writes header blocks (RFC 7541) that need no memory on either side: what the static table knows by its
/// number, the rest as it is.</summary>
/// <remarks>As HAProxy does: to remember fields, or to use Huffman's code, costs more processor time than the bytes
/// that it saves are worth beside a body.</remarks>
internal static class HpackEncoder
{
    private const int StatusIndex = 8;

    /// <summary>The most bytes that a status takes.</summary>
    public const int StatusBytes = 5;

    /// <summary>The most bytes that a field takes.</summary>
    public static int MostBytes(int name, int value) => name + value + 11;

    /// <returns>Bytes written.</returns>
    public static int WriteStatus(int status, Span<byte> to)
    {
        var index = status switch { 200 => 8, 204 => 9, 206 => 10, 304 => 11, 400 => 12, 404 => 13, 500 => 14, _ => 0 };
        if (index > 0)
        {
            to[0] = (byte)(0x80 | index);
            return 1;
        }

        (to[0], to[1]) = (StatusIndex, 3);
        Utf8Formatter.TryFormat(status, to[2..], out _);
        return StatusBytes;
    }

    /// <param name="name">In any case; it is written in lower case.</param>
    /// <param name="value">As it is.</param>
    /// <param name="to">See <see cref="MostBytes"/>.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, Span<byte> to)
    {
        int written;
        if (StaticTable.Find(name) is > 0 and var index)
        {
            written = WriteNumber(index, 4, to);
        }
        else
        {
            to[0] = 0;
            written = 1 + WriteNumber(name.Length, 7, to[1..]);
            Ascii.ToLower(name, to[written..], out _);
            written += name.Length;
        }

        written += WriteNumber(value.Length, 7, to[written..]);
        value.CopyTo(to[written..]);
        return written + value.Length;
    }

    // The bits before the number are 0: a field that is not remembered, text without Huffman.
    private static int WriteNumber(int value, int bits, Span<byte> to)
    {
        var mask = (1 << bits) - 1;
        if (value < mask)
        {
            to[0] = (byte)value;
            return 1;
        }

        to[0] = (byte)mask;
        value -= mask;
        var written = 1;
        for (; value >= 0x80; value >>= 7)
        {
            to[written++] = (byte)(value | 0x80);
        }

        to[written] = (byte)value;
        return written + 1;
    }
}
