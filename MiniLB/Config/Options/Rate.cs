using System.Globalization;

namespace MiniLB.Config.Options;

/// <summary>So many requests in a time: 100/s, 600/m, 1000/h.</summary>
/// <param name="Requests">At least 1.</param>
/// <param name="Time">A second, a minute or an hour.</param>
internal readonly record struct Rate(int Requests, TimeSpan Time)
{
    public const string Expected = "a rate such as 100/s, 600/m or 1000/h, at most 1000000/s";

    // Above it the time between two requests is so few nanoseconds that rounding it changes the rate by a thousandth.
    private const int MostASecond = 1_000_000;

    private static readonly (string Suffix, TimeSpan Time)[] Units =
        [("/s", TimeSpan.FromSeconds(1)), ("/m", TimeSpan.FromMinutes(1)), ("/h", TimeSpan.FromHours(1))];

    public static bool TryParse(string text, out Rate rate)
    {
        rate = default;
        var (suffix, time) = Array.Find(Units, u => text.EndsWith(u.Suffix, StringComparison.Ordinal));
        if (suffix is null || !int.TryParse(
            text.AsSpan()[..^suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var requests))
        {
            return false;
        }

        rate = new Rate(requests, time);
        return requests > 0 && requests <= MostASecond * time.TotalSeconds;
    }

    public override string ToString()
    {
        var time = Time;
        var unit = Array.Find(Units, u => u.Time == time).Suffix;
        return string.Create(CultureInfo.InvariantCulture, $"{Requests}{unit}");
    }
}
