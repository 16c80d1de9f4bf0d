namespace MiniLB.Config;

/// <summary>Collects everything that is wrong with a configuration, so that all of it is reported at once.</summary>
internal sealed class ConfigErrors
{
    private readonly List<string> _errors = [];
    private readonly List<string> _warnings = [];

    public IReadOnlyList<string> Errors => _errors;

    public IReadOnlyList<string> Warnings => _warnings;

    public void Add(ConfigOrigin origin, string path, string message) => _errors.Add(Line(origin, path, message));

    public void Warn(ConfigOrigin origin, string path, string message) => _warnings.Add(Line(origin, path, message));

    private static string Line(ConfigOrigin origin, string path, string message) =>
        path.Length == 0 ? $"{origin}: {message}" : $"{origin} {path}: {message}";
}
