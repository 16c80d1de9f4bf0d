using MiniLB.Tests.Fuzzing.Strict;

namespace MiniLB.Tests.Fuzzing.Oracle;

/// <summary>Compares the fields that are the fuzzer's own, which must pass byte for byte and in order.</summary>
internal static class FuzzFields
{
    /// <summary>The first difference, or null.</summary>
    public static string? Difference(StrictMessage sent, StrictMessage got)
    {
        var wanted = Of(sent, sent).ToArray();
        var found = Of(got, sent).ToArray();
        return wanted.SequenceEqual(found) ? null
            : $"sent [{string.Join(" | ", wanted)}], got [{string.Join(" | ", found)}]";
    }

    /// <summary>By name, because only the order within a name has a meaning; not what Connection names.</summary>
    private static IEnumerable<string> Of(StrictMessage message, StrictMessage sent) => message.Fields
        .Where(f => f.Name.StartsWith("x-fuzz", StringComparison.OrdinalIgnoreCase))
        .Where(f => !sent.Lists("Connection", f.Name))
        .Select(f => (Name: f.Name.ToLowerInvariant(), f.Value))
        .OrderBy(f => f.Name, StringComparer.Ordinal)
        .Select(f => $"{f.Name}: {f.Value}");
}
