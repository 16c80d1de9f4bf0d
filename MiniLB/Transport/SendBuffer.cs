using System.Buffers;
using System.Text;

namespace MiniLB.Transport;

/// <summary>Bytes put together to be sent at once. Kept small between messages.</summary>
internal sealed class SendBuffer
{
    private const int SmallSize = 2 * 1024;
    private const int LargestKept = 16 * 1024;

    private byte[] _bytes = new byte[SmallSize];
    private int _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public int Length => _length;

    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > LargestKept)
        {
            _bytes = new byte[SmallSize];
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    public void Write(in ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            Write(segment.Span);
        }
    }

    /// <summary>Writes text whose characters are bytes.</summary>
    public void Write(string text) => Write(text.AsSpan());

    /// <summary>Writes text whose characters are bytes.</summary>
    public void Write(ReadOnlySpan<char> text) => _length += Encoding.Latin1.GetBytes(text, Room(text.Length));

    public void WriteHexadecimal(long number)
    {
        number.TryFormat(Room(16), out var digits, "x");
        _length += digits;
    }

    private Span<byte> Room(int count)
    {
        if (_length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }

        return _bytes.AsSpan(_length, count);
    }
}
