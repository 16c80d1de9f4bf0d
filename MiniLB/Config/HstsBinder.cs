using System.Globalization;

namespace MiniLB.Config;

/// <summary>Reads what browsers are to be told about the use of https (RFC 6797): off, a time, or a map of time and
/// directives.</summary>
internal static class HstsBinder
{
    private const string Expected = "off or a time such as 365d";

    private static readonly (char Suffix, long Seconds)[] Units = [('s', 1), ('m', 60), ('h', 3600), ('d', 86400)];

    /// <returns>The value of the field; null for none.</returns>
    public static string? Bind(ConfigSection parent)
    {
        if (parent.Node("hsts") is not { } node)
        {
            parent.Note("hsts", "off", parent.Shape<long>("hsts", KeyKind.MapOrValue, TryParse, Expected) with
            {
                Default = "off",
            });
            return null;
        }

        var section = ConfigSection.OfTextOrMap(node, parent.PathOf("hsts"), parent.Errors, "maxAge", Expected);
        var age = section.Value("maxAge", 0L, TryParse, Expected, Write);
        var includesSubdomains = section.Flag("includeSubDomains", false);
        var preload = section.Flag("preload", false);
        section.RejectUnknownKeys();
        return age == 0
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"max-age={age}")
                + (includesSubdomains ? "; includeSubDomains" : "") + (preload ? "; preload" : "");
    }

    private static string Write(long seconds) =>
        seconds == 0 ? "off" : string.Create(CultureInfo.InvariantCulture, $"{seconds}s");

    private static bool TryParse(string text, out long seconds)
    {
        seconds = 0;
        if (text is "off" or "false" or "0")
        {
            return true;
        }

        var unit = text.Length == 0 ? default : Array.Find(Units, u => u.Suffix == text[^1]);
        var parsed = unit.Seconds > 0 && int.TryParse(
            text.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number * unit.Seconds
                : 0;
        seconds = parsed;
        return parsed > 0;
    }
}
