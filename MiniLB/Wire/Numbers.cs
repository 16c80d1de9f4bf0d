namespace MiniLB.Wire;

/// <summary>Reads the numbers that tell lengths: digits and nothing else, no sign, no blank, no overflow.</summary>
internal static class Numbers
{
    public static bool TryDecimal(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        foreach (var digit in text)
        {
            var next = digit - '0';
            if (next is < 0 or > 9 || value > (long.MaxValue - next) / 10)
            {
                return false;
            }

            value = (value * 10) + next;
        }

        return text.Length > 0;
    }

    public static bool TryHexadecimal(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        foreach (var digit in text)
        {
            var next = digit switch
            {
                >= (byte)'0' and <= (byte)'9' => digit - '0',
                >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
                _ => -1,
            };
            if (next < 0 || value > long.MaxValue >> 4)
            {
                return false;
            }

            value = (value << 4) | (uint)next;
        }

        return text.Length > 0;
    }
}
