namespace MiniLB.Config;

/// <summary>Which values are shown to nobody.</summary>
internal static class SecretKeys
{
    public const string Blank = "(secret)";

    private static readonly string[] Endings =
        ["secret", "token", "password", "authorization", "apikey", "signature"];

    // In names of header fields alone.
    private static readonly string[] HeaderEndings = ["cookie", "-key"];

    // The keys under which the names are those of header fields.
    private static readonly string[] HeaderMaps = ["headers", "set", "add"];

    /// <param name="map">The key of the map that the key is in.</param>
    /// <param name="key">The key itself.</param>
    public static bool Hides(string map, string key) =>
        Array.Exists(Endings, e => key.EndsWith(e, StringComparison.OrdinalIgnoreCase))
        || (HeaderMaps.Contains(map)
            && Array.Exists(HeaderEndings, e => key.EndsWith(e, StringComparison.OrdinalIgnoreCase)));

    /// <summary>True for a map whose content may be secret, so that a text in its place is not shown either.</summary>
    public static bool HidesWhole(string key) => HeaderMaps.Contains(key) || key == "stickySession";

    /// <summary>A value as it may be shown.</summary>
    /// <param name="map">The key of the map that the key is in.</param>
    /// <param name="key">The key itself.</param>
    /// <param name="text">The value.</param>
    public static string Shown(string map, string key, string text) =>
        Hides(map, key) ? Blank : WithoutUser(key == "otlp" ? WithoutQuery(text) : text);

    /// <summary>A text in which a URL's name and password are blanked; no URL of ours may have them, but somebody may
    /// have written one.</summary>
    public static string WithoutUser(string text)
    {
        var scheme = text.IndexOf("//", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return text;
        }

        var end = text.AsSpan(scheme + 2).IndexOfAny('/', '?', '#');
        var authority = end < 0 ? text.AsSpan(scheme + 2) : text.AsSpan(scheme + 2, end);
        // A password that holds a slash ends what a parser takes for the host: then all up to the last @ is hidden.
        var at = authority.Contains('@') ? authority.LastIndexOf('@') : text.AsSpan(scheme + 2).LastIndexOf('@');
        return at < 0 ? text : $"{text[..(scheme + 2)]}{Blank}{text[(scheme + 2 + at)..]}";
    }

    // A collector of somebody else's takes its key there.
    private static string WithoutQuery(string text)
    {
        var query = text.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? text : $"{text[..query]}?{Blank}";
    }
}
