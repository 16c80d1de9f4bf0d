namespace MiniLB.Config;

/// <summary>Lays MINILB_ variables over a configuration: MINILB_POOLS__DEFAULT__BACKENDS__0__URL.</summary>
internal static class EnvironmentOverlay
{
    private const string Prefix = "MINILB_";

    // Tests name the program under test by MINILB_BINARY; Kubernetes sets the next two for a service called minilb; the
    // last is what a process tells the one that replaces it.
    private static readonly string[] Ignored = ["BIN", "SERVICE_", "PORT", "UPGRADE_"];

    public static void Apply(ConfigNode root, IReadOnlyDictionary<string, string> environment, ConfigErrors errors)
    {
        var variables = environment.Keys.Where(IsOurs).Order(Comparer<string>.Create(ByPath));
        foreach (var name in variables)
        {
            var origin = new ConfigOrigin(name);
            var path = name[Prefix.Length..].Split("__");
            if (Array.Exists(path, p => p.Length == 0))
            {
                errors.Warn(origin, "", "ignored: no key path after MINILB_");
                continue;
            }

            var text = environment[name];
            var value = ConfigNode.Scalar(text is "" or "null" ? null : text, origin);
            if (root.Set(path, value, anyCase: true) is { } problem)
            {
                errors.Add(origin, string.Join('.', path).ToLowerInvariant(), problem);
            }
        }
    }

    // Level by level, list positions as numbers: position 2 comes before position 10, and 0__URL before 1.
    private static int ByPath(string a, string b)
    {
        var (left, right) = (a.Split("__"), b.Split("__"));
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            var order = int.TryParse(left[i], out var x) && int.TryParse(right[i], out var y)
                ? x.CompareTo(y)
                : StringComparer.OrdinalIgnoreCase.Compare(left[i], right[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    private static bool IsOurs(string name) =>
        name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        && !Array.Exists(Ignored,
            i => name.AsSpan(Prefix.Length).StartsWith(i, StringComparison.OrdinalIgnoreCase));
}
