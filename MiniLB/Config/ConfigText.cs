using System.Globalization;

namespace MiniLB.Config;

/// <summary>Writes a value as it would stand in a configuration, whichever way it was written there.</summary>
internal static class ConfigText
{
    private static readonly (string Unit, long Ticks, int Least)[] Durations =
    [
        ("h", TimeSpan.TicksPerHour, 1), ("m", TimeSpan.TicksPerMinute, 2), ("s", TimeSpan.TicksPerSecond, 1),
    ];

    private static readonly (string Unit, int Shift)[] Sizes = [("GiB", 30), ("MiB", 20), ("KiB", 10)];

    public static string? Of<T>(T value) => value switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        TimeSpan time => Of(time),
        long size => Of(size), // every size is a long, and nothing else is
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static string Of(TimeSpan time)
    {
        if (time == TimeSpan.Zero)
        {
            return "0s";
        }

        foreach (var (unit, ticks, least) in Durations)
        {
            if (time.Ticks % ticks == 0 && time.Ticks / ticks >= least)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / ticks}{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds}ms");
    }

    private static string Of(long size)
    {
        foreach (var (unit, shift) in Sizes)
        {
            if (size > 0 && (size & ((1L << shift) - 1)) == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{size >> shift}{unit}");
            }
        }

        return size.ToString(CultureInfo.InvariantCulture);
    }
}
