namespace MiniLB.Config;

/// <summary>Lays MINILB_ variables over a configuration: MINILB_POOLS__DEFAULT__BACKENDS__0__URL.</summary>
internal static class EnvironmentOverlay
{
    private const string Prefix = "MINILB_";

    // Tests name the program under test by MINILB_BINARY; Kubernetes sets the other two for a service called minilb.
    private static readonly string[] Ignored = ["BIN", "SERVICE_", "PORT"];

    public static void Apply(ConfigNode root, IReadOnlyDictionary<string, string> environment, ConfigErrors errors)
    {
        // Sorted by length and then by name, so that position 2 of a list comes before position 10.
        var variables = environment.Keys
            .Where(IsOurs)
            .OrderBy(name => name.Length)
            .ThenBy(name => name, StringComparer.OrdinalIgnoreCase);
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

    private static bool IsOurs(string name) =>
        name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        && !Array.Exists(Ignored,
            i => name.AsSpan(Prefix.Length).StartsWith(i, StringComparison.OrdinalIgnoreCase));
}
