namespace MiniLB.Config;

/// <summary>Which values are shown to nobody.</summary>
internal static class SecretKeys
{
    public const string Blank = "(secret)";

    private static readonly string[] Endings = ["secret", "token", "password", "authorization", "api-key", "apikey"];

    // The keys under which the names are those of header fields.
    private static readonly string[] HeaderMaps = ["headers", "set", "add"];

    /// <param name="map">The key of the map that the key is in.</param>
    /// <param name="key">The key itself.</param>
    public static bool Hides(string map, string key) =>
        Array.Exists(Endings, e => key.EndsWith(e, StringComparison.OrdinalIgnoreCase))
        || (HeaderMaps.Contains(map) && key.EndsWith("cookie", StringComparison.OrdinalIgnoreCase));
}
