namespace MiniLB.Config;

/// <summary>Parts of HTTP fields as they are written in a configuration.</summary>
internal static class FieldText
{
    /// <summary>A name of a field, a cookie or a method (RFC 9110 section 5.6.2).</summary>
    public static bool TryParseToken(string text, out string token)
    {
        token = text;
        return text.Length > 0
            && text.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
    }

    /// <summary>A value of printable characters.</summary>
    public static bool TryParseValue(string text, out string value)
    {
        value = text;
        return text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange(' ', '~');
    }

    public static bool TryParseAny(string text, out string value)
    {
        value = text;
        return text.Length > 0;
    }
}
