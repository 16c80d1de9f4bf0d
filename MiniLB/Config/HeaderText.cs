namespace MiniLB.Config;

/// <summary>Header names and values as an operator writes them.</summary>
internal static class HeaderText
{
    public const string ExpectedName = "a header name";
    public const string ExpectedValue = "a header value of printable ASCII without blanks around it";

    /// <summary>A token (RFC 9110 section 5.6.2).</summary>
    public static bool TryParseName(string text, out string name)
    {
        name = text;
        return text.Length > 0
            && text.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
    }

    public static bool TryParseValue(string text, out string value)
    {
        value = text;
        return text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange(' ', '~')
            && text[0] != ' ' && text[^1] != ' ';
    }

    /// <summary>A map of names to values, one entry for each member, in their order.</summary>
    public static List<KeyValuePair<string, string>> Map(
        ConfigSection section, string key, TextParser<string> parseName, string expectedName)
    {
        var lines = new List<KeyValuePair<string, string>>();
        var map = section.Section(key);
        section.Errors.Trace.Note(section.Shape<string>(key, KeyKind.Names, TryParseValue, ExpectedValue));
        foreach (var member in section.Members(key))
        {
            if (!parseName(member.Name, out _))
            {
                section.Errors.Add(
                    member.Origin, map.PathOf(member.Name), $"'{member.Name}' is not {expectedName}");
            }

            var value = map.Value(member.Name, "", TryParseValue, ExpectedValue);
            lines.Add(new KeyValuePair<string, string>(member.Name, value));
        }

        return lines;
    }
}
