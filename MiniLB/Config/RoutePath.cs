using System.Buffers;
using System.Globalization;

namespace MiniLB.Config;

/// <summary>The path of a route: /a for itself alone, or /a/* for it and all below it.</summary>
/// <remarks>It is written in the one form in which paths are compared: nothing percent-encoded that can stand for
/// itself, no dot segments, no doubled slashes.</remarks>
internal static class RoutePath
{
    public const string Expected =
        "a path such as /a, or /a/* for all below it too, without a query, dot segments or doubled slashes, and with "
        + "capitals in percent-encodings, of characters that need one";

    public const string ExpectedPrefix = "a path such as /a, without a slash at its end and otherwise as routes[].path";

    private static readonly SearchValues<char> NotInPaths = SearchValues.Create("?#*\\");

    public static bool TryParse(string text, out string path)
    {
        path = text;
        return text == "/*" || (IsPrefix(text) ? TryParsePrefix(text[..^2], out _) : IsPlain(text));
    }

    public static bool TryParsePrefix(string text, out string prefix)
    {
        prefix = text;
        return IsPlain(text) && !text.EndsWith('/');
    }

    /// <param name="pattern">As <see cref="TryParse"/> gives it.</param>
    /// <param name="path">A normalised path, or another pattern: then this tells whether all that matches that one
    /// matches this one.</param>
    public static bool Matches(string pattern, ReadOnlySpan<char> path) => IsPrefix(pattern)
        ? StartsWith(path, pattern.AsSpan(0, pattern.Length - 2))
        : path.SequenceEqual(pattern);

    /// <summary>True where the prefix is the path, or a number of whole segments of it.</summary>
    public static bool StartsWith(ReadOnlySpan<char> path, ReadOnlySpan<char> prefix) =>
        path.StartsWith(prefix) && (path.Length == prefix.Length || path[prefix.Length] == '/');

    private static bool IsPrefix(string pattern) => pattern.EndsWith("/*", StringComparison.Ordinal);

    private static bool IsPlain(string path)
    {
        var segments = path.Split('/');
        return path.StartsWith('/') && !path.AsSpan().ContainsAnyExceptInRange('!', '~')
            && !path.AsSpan().ContainsAny(NotInPaths)
            && !segments.Any(s => s.Split(';')[0] is "." or "..")
            && !segments[1..^1].Contains("")
            && path.Split('%')[1..].All(IsNeededEncoding);
    }

    private static bool IsNeededEncoding(string afterPercent) => afterPercent.Length >= 2
        && afterPercent[..2].All(char.IsAsciiHexDigitUpper)
        && (char)byte.Parse(afterPercent.AsSpan(0, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            is var c && !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_' or '~' or '/' or '\\');
}
