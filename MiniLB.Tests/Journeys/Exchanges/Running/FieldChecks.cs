using System.Text.RegularExpressions;

namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>Holds the fields of a head against lists, and any head against the grammar.</summary>
internal static partial class FieldChecks
{
    public static void Hold(MessageHead head, string[] has, string[] lacks, string[] lines)
    {
        foreach (var field in has)
        {
            Assert.True(head.Has(field), $"no field '{field}'");
        }

        foreach (var field in lacks)
        {
            Assert.False(head.Has(field), $"a field '{field}'");
        }

        foreach (var name in lines.Select(l => MessageHead.Field(l).Name).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var expected = lines.Select(MessageHead.Field)
                .Where(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(f => f.Value);
            Assert.Equal(expected, head.Values(name));
        }
    }

    /// <summary>One message in one reading: every line by the grammar, and one framing at most.</summary>
    public static void HoldSyntax(MessageHead head)
    {
        foreach (var line in head.Text.Split("\r\n").Skip(1).Where(l => l.Length > 0))
        {
            Assert.True(FieldLine().IsMatch(line), $"a malformed field line '{line}'");
        }

        var framings = head.Values("Content-Length").Count() + head.Values("Transfer-Encoding").Count();
        Assert.True(framings <= 1, $"{framings} framings");
        Assert.True(head.Values("Content-Length").All(v => v.Length > 0 && v.All(char.IsAsciiDigit)), "a bad length");
        Assert.True(head.Values("Transfer-Encoding").All(v => v == "chunked"), "a coding other than chunked");
    }

    [GeneratedRegex("^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\\x20-\\x7E\\x80-\\xFF]*\\z")]
    private static partial Regex FieldLine();
}
