namespace MiniLB.Config;

/// <summary>Finds the known name that a misspelt one most likely meant.</summary>
internal static class NearestName
{
    /// <returns>A name at most three edits away and nearer than half of its length, or null.</returns>
    public static string? Of(string written, IEnumerable<string> known)
    {
        string? nearest = null;
        var best = 4;
        foreach (var name in known)
        {
            var distance = Distance(written, name);
            if (distance < best && distance * 2 <= name.Length)
            {
                (nearest, best) = (name, distance);
            }
        }

        return nearest;
    }

    /// <summary>Levenshtein distance without regard to case.</summary>
    private static int Distance(string a, string b)
    {
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
                var edit = previous[j - 1] + (same ? 0 : 1);
                current[j] = Math.Min(edit, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
