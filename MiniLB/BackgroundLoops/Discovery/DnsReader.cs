using System.Buffers.Binary;

namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>Reads the parts of a DNS message, and never past its end (RFC 1035 section 4).</summary>
internal ref struct DnsReader(ReadOnlySpan<byte> message)
{
    private const byte PointerBits = 0xC0;

    // No name has more labels, and each pointer is worth one.
    private const int MostPointers = DnsName.MostBytes / 2;

    private readonly ReadOnlySpan<byte> _message = message;

    public int At { get; private set; }

    public bool TryUInt16(out ushort value)
    {
        value = 0;
        if (_message.Length - At < sizeof(ushort))
        {
            return false;
        }

        value = BinaryPrimitives.ReadUInt16BigEndian(_message[At..]);
        At += sizeof(ushort);
        return true;
    }

    public bool TryBytes(int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (_message.Length - At < count)
        {
            return false;
        }

        bytes = _message.Slice(At, count);
        At += count;
        return true;
    }

    public bool TrySkip(int count) => TryBytes(count, out _);

    /// <summary>A name, whose end may be told by pointing at an earlier one.</summary>
    /// <remarks>Each pointer must lead before the place from which it was read, which a loop never does.</remarks>
    public bool TryName(out DnsName name)
    {
        name = default;
        Span<char> wire = stackalloc char[DnsName.MostBytes];
        var (length, at, floor, end, pointers) = (0, At, At, -1, 0);
        while (at < _message.Length)
        {
            var first = _message[at];
            if ((first & PointerBits) == PointerBits)
            {
                if (++pointers > MostPointers || !TryFollow(at, floor, out var target))
                {
                    return false;
                }

                end = end < 0 ? at + 2 : end;
                (at, floor) = (target, target);
                continue;
            }

            // The two other kinds of labels are of extensions that came to nothing (RFC 6891 section 5).
            if ((first & PointerBits) != 0 || !TryAppend(wire, ref length, at, first))
            {
                return false;
            }

            at += 1 + first;
            if (first == 0)
            {
                name = new DnsName(new string(wire[..length]));
                At = end < 0 ? at : end;
                return true;
            }
        }

        return false;
    }

    private readonly bool TryFollow(int at, int floor, out int target)
    {
        target = 0;
        if (at + 1 >= _message.Length)
        {
            return false;
        }

        target = ((_message[at] & ~PointerBits) << 8) | _message[at + 1];
        return target < floor;
    }

    // The length and the label behind it; of a name that is not over, a byte must be left for its end.
    private readonly bool TryAppend(Span<char> wire, ref int length, int at, byte label)
    {
        var isLast = label == 0;
        if (at + 1 + label > _message.Length || length + 1 + label + (isLast ? 0 : 1) > wire.Length)
        {
            return false;
        }

        wire[length++] = (char)label;
        foreach (var b in _message.Slice(at + 1, label))
        {
            wire[length++] = char.IsAsciiLetterUpper((char)b) ? (char)(b | 0x20) : (char)b;
        }

        return true;
    }
}
