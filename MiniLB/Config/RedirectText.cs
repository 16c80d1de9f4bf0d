using System.Buffers;

namespace MiniLB.Config;

/// <summary>The target of a redirect as an operator writes it: a URL or a path, with words in braces for what the
/// client asked for.</summary>
internal static class RedirectText
{
    public const string Expected =
        "an http or https URL or a path, in which {host}, {path} (it begins with a slash) and {query} (with its "
        + "question mark) stand for what was asked for";

    private static readonly SearchValues<char> NotInLocations = SearchValues.Create("{}\\\"<>");

    /// <remarks>A client must not be able to choose another host by its path: so a path begins with one slash of the
    /// operator's own, and a URL's host stands before what the path can say.</remarks>
    public static bool TryParse(string text, out string target)
    {
        target = text;
        var sample = text.Replace("{host}", "h", StringComparison.Ordinal)
            .Replace("{path}", "/p", StringComparison.Ordinal).Replace("{query}", "?q", StringComparison.Ordinal);
        return !sample.AsSpan().ContainsAnyExceptInRange('!', '~') && !sample.AsSpan().ContainsAny(NotInLocations)
            && (IsPath(text, sample) || IsUrl(text, sample));
    }

    private static bool IsPath(string text, string sample) =>
        text.StartsWith('/') && !sample.StartsWith("//", StringComparison.Ordinal);

    private static bool IsUrl(string text, string sample)
    {
        var scheme = text.StartsWith("http://", StringComparison.Ordinal) ? 7
            : text.StartsWith("https://", StringComparison.Ordinal) ? 8
            : 0;
        return scheme > 0 && text.Length > scheme && text[scheme] is not ('/' or '?')
            && !text.AsSpan(scheme).StartsWith("{path}") && !text.AsSpan(scheme).StartsWith("{query}")
            && Uri.TryCreate(sample, UriKind.Absolute, out var url) && url.UserInfo.Length == 0;
    }
}
