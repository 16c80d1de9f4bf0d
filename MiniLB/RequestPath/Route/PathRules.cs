using System.Globalization;

namespace MiniLB.RequestPath.Route;

/// <summary>The one form in which paths are compared (RFC 3986 section 6.2.2): what can stand for itself is decoded,
/// dot segments and doubled slashes are resolved.</summary>
/// <remarks>Pure. What servers read in different ways has no such form, because what is matched here would be something
/// else there: an encoded slash, a backslash in either spelling, dot segments that climb above the root or carry
/// parameters, percent signs that encode nothing.</remarks>
internal static class PathRules
{
    public const int Ambiguous = -1;

    /// <summary>The path of a target, which ends where a query begins.</summary>
    public static ReadOnlySpan<char> PathOf(ReadOnlySpan<char> target) =>
        target.IndexOf('?') is var end and >= 0 ? target[..end] : target;

    /// <summary>True for a path that is in that form as it stands, as nearly all are.</summary>
    public static bool IsPlain(ReadOnlySpan<char> path) =>
        !path.ContainsAny('%', '\\') && path.IndexOf("/.") < 0 && path.IndexOf("//") < 0;

    /// <param name="path">Begins with a slash.</param>
    /// <param name="into">As long as the path.</param>
    /// <returns>How much of <paramref name="into"/> is the normalised path, or <see cref="Ambiguous"/>.</returns>
    public static int Normalise(ReadOnlySpan<char> path, Span<char> into)
    {
        into[0] = '/';
        var (length, start) = (1, 1); // of what is written, and of its last segment
        for (var i = 1; i <= path.Length; i++)
        {
            if (i == path.Length || path[i] == '/')
            {
                if (!EndSegment(into, ref length, ref start))
                {
                    return Ambiguous;
                }

                if (i < path.Length && length > start)
                {
                    into[length++] = '/';
                    start = length;
                }
            }
            else if (path[i] == '%')
            {
                if (!Decode(path, ref i, into, ref length))
                {
                    return Ambiguous;
                }
            }
            else if (path[i] == '\\')
            {
                return Ambiguous;
            }
            else
            {
                into[length++] = path[i];
            }
        }

        return length;
    }

    // An empty segment, as between doubled slashes, leaves nothing behind either.
    private static bool EndSegment(ReadOnlySpan<char> written, ref int length, ref int start)
    {
        var segment = written[start..length];
        var parameters = segment.IndexOf(';');
        var name = parameters < 0 ? segment : segment[..parameters];
        if (name is not ("." or ".."))
        {
            return true;
        }

        if (parameters >= 0 || (name.Length == 2 && start == 1))
        {
            return false;
        }

        start = name.Length == 1 ? start : written[..(start - 1)].LastIndexOf('/') + 1;
        length = start;
        return true;
    }

    private static bool Decode(ReadOnlySpan<char> path, ref int at, Span<char> into, ref int length)
    {
        if (at + 2 >= path.Length || !byte.TryParse(
            path.Slice(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            return false;
        }

        var octet = (char)code;
        at += 2;
        if (octet is '/' or '\\')
        {
            return false;
        }

        if (char.IsAsciiLetterOrDigit(octet) || octet is '-' or '.' or '_' or '~')
        {
            into[length++] = octet;
            return true;
        }

        into[length++] = '%';
        into[length++] = char.ToUpperInvariant(path[at - 1]);
        into[length++] = char.ToUpperInvariant(path[at]);
        return true;
    }
}
