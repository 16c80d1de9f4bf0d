using System.Security.Cryptography;
using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>Reads a file that lists backends, in YAML or JSON as the configuration itself, and says what is wrong with
/// it.</summary>
internal static class BackendFile
{
    public const string ExpectedPath = "the path of a .yaml, .yml or .json file that lists backends";

    // Twice what a pool can have, written at length.
    private const int MostBytes = 4 * 1024 * 1024;

    /// <returns>The backends of the file; what is wrong with it has been said.</returns>
    public static IReadOnlyList<BackendOptions> Read(ConfigSection section, string key)
    {
        var node = section.Node(key)!;
        if (node is not { Kind: ConfigKind.Scalar, Text: { } path } || !IsPath(path, out _))
        {
            section.Errors.Add(node.Origin, section.PathOf(key), $"expected {ExpectedPath}");
            return [];
        }

        var bytes = Bytes(section, key, path);
        section.Errors.Files.Add(
            new ReadFile(path, bytes is null ? "" : Convert.ToHexStringLower(SHA256.HashData(bytes))));
        if (bytes is null)
        {
            return [];
        }

        // Its keys are not the configuration's: they are no part of what --explain and GET /config show.
        var errors = new ConfigErrors();
        var source = new BackendSource { Kind = SourceKind.File, Text = path };
        var backends = Backends(bytes, path, section.PathOf(key), errors);
        section.Errors.AddAll(errors);
        return [.. backends.Select(b => b with { Source = source })];
    }

    public static bool IsPath(string text, out string path)
    {
        path = text;
        return !text.AsSpan().ContainsAnyInRange('\0', '\u001f') && ConfigLoader.ReaderFor(text) is not null;
    }

    /// <summary>True where another content of a list of backends is among what sets two readings of one configuration
    /// apart.</summary>
    public static bool IsAmongChanged(BalancerOptions before, BalancerOptions after)
    {
        var changed = after.Files.Except(before.Files).Select(f => f.Path).ToHashSet();
        return before.Pools.Concat(after.Pools).SelectMany(p => p.Backends)
            .Any(b => b.Source is { Kind: SourceKind.File } source && changed.Contains(source.Text));
    }

    /// <summary>The backends that files list before and after, as lines for an operator.</summary>
    public static IEnumerable<string> Differences(BalancerOptions before, BalancerOptions after)
    {
        foreach (var pool in after.Pools)
        {
            var old = OfFiles(before.Pools.FirstOrDefault(p => p.Name == pool.Name));
            var now = OfFiles(pool);
            foreach (var (sign, line) in now.Except(old).Select(l => ("+", l))
                .Concat(old.Except(now).Select(l => ("-", l))))
            {
                yield return $"{sign} pools.{pool.Name}.backends {line}";
            }
        }
    }

    private static List<string> OfFiles(PoolOptions? pool) =>
    [
        .. (pool?.Backends ?? []).Where(b => b.Source is { Kind: SourceKind.File }).Select(b =>
            b.Url + (b.Weight == 1 ? "" : $" weight={b.Weight}") + (b.IsBackup ? " backup=true" : "")
            + (b.MaxInFlight == 0 ? "" : $" maxInFlight={b.MaxInFlight}") + $" ({b.Source!.Key})"),
    ];

    private static BackendOptions[] Backends(byte[] bytes, string path, string key, ConfigErrors errors)
    {
        var root = ConfigLoader.ReaderFor(path)!.Read(bytes, path, errors);
        if (errors.Errors.Count > 0)
        {
            return [];
        }

        // An empty list is said by somebody; an empty file may be one that is being written.
        if (root is not { Kind: ConfigKind.List })
        {
            errors.Add(root?.Origin ?? new ConfigOrigin(path), key,
                "expected a list of backends such as [http://10.0.0.1:8080]; [] lists none");
            return [];
        }

        BackendOptions[] backends =
        [
            .. root.Items.Select((item, i) => BackendListBinder.OfFile(item, $"{key}[{i}]", errors))
                .OfType<BackendOptions>(),
        ];
        foreach (var problem in BackendListBinder.Duplicates(backends))
        {
            errors.Add(root.Origin, key, problem);
        }

        return backends;
    }

    private static byte[]? Bytes(ConfigSection section, string key, string path)
    {
        try
        {
            using var file = System.IO.File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            if (length > MostBytes)
            {
                section.Errors.Add(section.Node(key)!.Origin, section.PathOf(key),
                    $"'{path}' has {length} bytes; expected a list of backends of at most {MostBytes}");
                return null;
            }

            // The length of what is no ordinary file is 0: a device or a pipe could be endless.
            var bytes = new byte[length];
            return bytes[..RandomAccess.Read(file, bytes, 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            section.Errors.Add(
                section.Node(key)!.Origin, section.PathOf(key), $"'{path}' cannot be read: {e.Message}");
            return null;
        }
    }
}
