using System.Globalization;

namespace MiniLB.Config;

/// <summary>Sizes as they are written in a configuration: 64KiB, 1MiB, 2GiB, a bare number is bytes; 0 means no
/// limit.</summary>
internal static class ByteSize
{
    public const string Expected = "a size such as 8192, 64KiB or 1MiB";

    private static readonly (string Suffix, int Shift)[] Units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("", 0)];

    public static bool TryParse(string text, out long value)
    {
        value = 0;
        if (text is "off" or "false")
        {
            return true;
        }

        foreach (var (suffix, shift) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal))
            {
                var digits = text.AsSpan()[..^suffix.Length];
                var parsed = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
                value = number << shift;
                return parsed && number <= long.MaxValue >> shift;
            }
        }

        return false;
    }
}
