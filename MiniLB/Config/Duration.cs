using System.Globalization;

namespace MiniLB.Config;

/// <summary>Durations as they are written in a configuration: 250ms, 10s, 5m, 1h, 1.5s; 0 and off mean none.</summary>
internal static class Duration
{
    public const string Expected = "a duration such as 250ms, 10s, 5m or 1h";

    // Timers of the runtime count milliseconds in 32 bits; 40 days is beyond any sensible setting.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    private static readonly (string Suffix, double Milliseconds)[] Units =
        [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

    public static bool TryParse(string text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        if (text is "0" or "off" or "false")
        {
            return true;
        }

        foreach (var (suffix, milliseconds) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan()[..^suffix.Length], NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture, out var number)
                && number >= 0)
            {
                var total = number * milliseconds;
                if (!(total <= Longest.TotalMilliseconds) || total is > 0 and < 1)
                {
                    return false;
                }

                value = TimeSpan.FromMilliseconds(total);
                return true;
            }
        }

        return false;
    }

    /// <summary>As <see cref="TryParse"/>, but none is refused: for what cannot go without a limit.</summary>
    public static bool TryParsePositive(string text, out TimeSpan value) =>
        TryParse(text, out value) && value > TimeSpan.Zero;
}
