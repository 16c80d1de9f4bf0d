using System.Text.RegularExpressions;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Config.Schema;

/// <summary>The tables of keys in docs: what each key means, and its default.</summary>
/// <remarks>They are the one place where keys are described; the schema takes its descriptions from here.</remarks>
internal static partial class DocumentedKeys
{
    /// <returns>By key path without list positions: pools.NAME.backends[].weight.</returns>
    public static Dictionary<string, DocumentedKey> Read()
    {
        var keys = new Dictionary<string, DocumentedKey>();
        var docs = Path.Combine(ProgramUnderTest.Metadata("SourceFolder"), "docs");
        foreach (var file in Directory.GetFiles(docs, "*.md").Order())
        {
            string? prefix = null;
            foreach (var line in File.ReadLines(file))
            {
                prefix = Header().Match(line) is { Success: true } header ? header.Groups[1].Value
                    : line.StartsWith('|') ? prefix
                    : null;
                if (prefix is not null && Row().Match(line) is { Success: true } row)
                {
                    Add(keys, prefix, row);
                }
            }
        }

        return keys;
    }

    private static void Add(Dictionary<string, DocumentedKey> keys, string prefix, Match row)
    {
        string? first = null;
        foreach (Match name in Code().Matches(row.Groups[1].Value))
        {
            // In `a.b`, `.c` the second is a.c.
            var key = name.Groups[1].Value;
            first ??= key;
            key = key.StartsWith('.') ? first[..first.LastIndexOf('.')] + key : key;
            keys[prefix + (key.EndsWith("[]", StringComparison.Ordinal) ? key[..^2] : key)] =
                new DocumentedKey(row.Groups[2].Value.Replace("`", "").Trim('"'), Plain(row.Groups[3].Value));
        }
    }

    private static string Plain(string markdown) => Link().Replace(markdown, "$1").Replace("`", "").Trim();

    [GeneratedRegex(@"^\| Key(?:, after `([^`]+)`)? \| Default \|")]
    private static partial Regex Header();

    [GeneratedRegex(@"^\| (`[^|]+) \| ([^|]*) \| ([^|]*)\|$")]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\[([^]]+)\]\([^)]+\)")]
    private static partial Regex Link();
}

/// <summary>A row of such a table, without its markup.</summary>
internal sealed record DocumentedKey(string Default, string Meaning);
