using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>Collects everything that is wrong with a configuration, so that all of it is reported at once.</summary>
internal sealed class ConfigErrors
{
    private readonly List<(string Path, string Line)> _errors = [];
    private readonly List<string> _warnings = [];

    /// <summary>What else binding leaves behind; it goes where the errors go, to every section.</summary>
    public ConfigTrace Trace { get; } = new();

    /// <summary>The files that were read beside the configuration itself; what changes in them is a change.</summary>
    public List<ReadFile> Files { get; } = [];

    /// <summary>Read for all pools at once, and only where one needs them.</summary>
    public SystemAuthorities SystemAuthorities { get; init; } = new(Environment.GetEnvironmentVariable);

    public IReadOnlyList<string> Errors => [.. _errors.Select(e => e.Line)];

    public IReadOnlyList<string> Warnings => _warnings;

    public void Add(ConfigOrigin origin, string path, string message) =>
        _errors.Add((path, Line(origin, path, message)));

    /// <summary>Takes the errors and warnings of what was read by itself.</summary>
    public void AddAll(ConfigErrors others)
    {
        _errors.AddRange(others._errors);
        _warnings.AddRange(others._warnings);
    }

    /// <summary>The errors of one top-level key, and those of no key at all, such as a file that cannot be
    /// read.</summary>
    public IEnumerable<string> ErrorsOf(string key) =>
        _errors.Where(e => e.Path.Length == 0 || e.Path.Split('.', '[')[0] == key).Select(e => e.Line);

    public void Warn(ConfigOrigin origin, string path, string message) => _warnings.Add(Line(origin, path, message));

    private static string Line(ConfigOrigin origin, string path, string message) =>
        path.Length == 0 ? $"{origin}: {message}" : $"{origin} {path}: {message}";
}
