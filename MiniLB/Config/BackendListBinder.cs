using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>Gives the items of a pool's <c>backends</c> their meaning: each is a backend, or a source of
/// some.</summary>
internal static class BackendListBinder
{
    private const string Url = "url";
    private const string Dns = "dns";
    private const string Srv = "srv";
    private const string File = "file";
    private const string ExpectedRefresh = "a duration of at least 100ms such as 10s";

    private static readonly string[] Kinds = [Url, Dns, Srv, File];
    private static readonly TimeSpan ShortestRefresh = TimeSpan.FromMilliseconds(100);

    /// <summary>Binds the whole list, and reads the files that it names.</summary>
    public static PoolOptions Bind(ConfigSection pool, PoolOptions options)
    {
        var entries = pool.List("backends", (node, path) => Entry(node, path, pool.Errors, inFile: false));
        var listed = entries.Select(e => e.Backend).OfType<BackendOptions>().ToArray();
        RejectDuplicates(pool, listed);
        var backends = new Dictionary<BackendAddress, BackendOptions>();
        // What is listed stands before what a file says of the same server, and the first file before the others.
        foreach (var backend in listed.Concat(entries.SelectMany(e => e.OfFile)))
        {
            backends.TryAdd(backend.Address, backend);
        }

        RejectSize(pool, backends.Count);
        var sources = entries.Select(e => e.Source).OfType<BackendSource>().ToArray();
        foreach (var twice in sources.GroupBy(s => s.Key).Where(g => g.Count() > 1))
        {
            pool.Errors.Add(pool.Node("backends")!.Origin, pool.PathOf("backends"),
                $"'{twice.Key}' is listed {twice.Count()} times; use weight for a larger share");
        }

        return options with { Backends = [.. backends.Values], Sources = sources };
    }

    /// <summary>Binds one item of a file, which lists backends and no sources.</summary>
    public static BackendOptions? OfFile(ConfigNode node, string path, ConfigErrors errors) =>
        Entry(node, path, errors, inFile: true)?.Backend;

    /// <summary>Two entries for one server would be probed, counted and retried as if they could fail apart.</summary>
    public static IEnumerable<string> Duplicates(IEnumerable<BackendOptions> backends)
    {
        foreach (var (address, count) in backends.CountBy(b => b.Address).Where(c => c.Value > 1))
        {
            yield return $"'{address.Authority}' is listed {count} times; use weight for a larger share";
        }
    }

    private static void RejectDuplicates(ConfigSection pool, BackendOptions[] listed)
    {
        foreach (var problem in Duplicates(listed))
        {
            pool.Errors.Add(pool.Node("backends")!.Origin, pool.PathOf("backends"), problem);
        }
    }

    private static void RejectSize(ConfigSection pool, int count)
    {
        var node = pool.Node("backends");
        if (node is null or { Items.Count: 0, Kind: ConfigKind.List } or { Text: null, Kind: ConfigKind.Scalar })
        {
            pool.Errors.Add(
                node?.Origin ?? pool.Origin, pool.PathOf("backends"), "the pool has no backend");
        }
        else if (count > PoolOptions.MostBackends)
        {
            pool.Errors.Add(node.Origin, pool.PathOf("backends"),
                $"has {count} backends; a pool has {PoolOptions.MostBackends} at most");
        }
    }

    private static BackendEntry? Entry(ConfigNode node, string path, ConfigErrors errors, bool inFile)
    {
        var section = ConfigSection.OfTextOrMap(node, path, errors, Url, BackendAddress.Expected);
        var written = Array.FindAll(
            inFile ? [Url] : Kinds, k => section.Node(k) is not (null or { Kind: ConfigKind.Scalar, Text: null }));
        var kind = written is [var one, ..] ? one : Url;
        NoteKinds(section, written);
        if (written.Length > 1)
        {
            errors.Add(section.Node(written[1])!.Origin, section.PathOf(written[1]),
                $"stands beside {written[0]}; expected one of {string.Join(", ", Kinds)} in each item");
        }

        var entry = kind switch
        {
            Url => Listed(section, node, inFile),
            File => OfFile(section),
            _ => OfName(section, kind),
        };
        section.RejectUnknownKeys();
        return written.Length > 1 ? null : entry;
    }

    private static void NoteKinds(ConfigSection section, string[] written)
    {
        KeyShape[] shapes =
        [
            section.Shape<BackendAddress>(Url, KeyKind.Value, BackendAddress.TryParse, BackendAddress.Expected),
            section.Shape<BackendSource>(Dns, KeyKind.Value, SourceName.IsDns, SourceName.ExpectedDns),
            section.Shape<BackendSource>(Srv, KeyKind.Value, SourceName.IsSrv, SourceName.ExpectedSrv),
            section.Shape<string>(File, KeyKind.Value, BackendFile.IsPath, BackendFile.ExpectedPath),
        ];
        foreach (var (key, shape) in Kinds.Zip(shapes))
        {
            section.Errors.Trace.Note(shape with { IsAlternative = true });
            if (written.Contains(key) || (key == Url && written.Length == 0))
            {
                section.Note(key, TextOf(section, key), shape with { IsAlternative = true });
            }
        }
    }

    private static BackendEntry? Listed(ConfigSection section, ConfigNode node, bool inFile)
    {
        var url = TextOf(section, Url);
        var backend = new BackendOptions
        {
            Url = url ?? "",
            Address = new BackendAddress(false, "", 0),
            Weight = Weight(section),
            MaxInFlight = section.Count("maxInFlight", 0),
            IsBackup = section.Flag("backup", false),
        };
        RejectRefresh(section, inFile ? null : "goes with dns or srv, which are looked up again and again");
        if (url is null)
        {
            section.Errors.Add(section.Node(Url)?.Origin ?? node.Origin, section.PathOf(Url),
                $"is missing; expected {BackendAddress.Expected}" + (inFile ? "" : ", or dns, srv or file"));
            return null;
        }

        if (BackendAddress.Parse(url, out var address) is { } problem)
        {
            section.Errors.Add(section.Node(Url)!.Origin, section.PathOf(Url), problem);
            return null;
        }

        return new BackendEntry { Backend = backend with { Address = address } };
    }

    private static BackendEntry? OfName(ConfigSection section, string kind)
    {
        var text = TextOf(section, kind);
        BackendSource source = null!;
        var problem = text is null
            ? $"expected {(kind == Dns ? SourceName.ExpectedDns : SourceName.ExpectedSrv)}"
            : kind == Dns ? SourceName.ParseDns(text, out source) : SourceName.ParseSrv(text, out source);
        var (weight, maxInFlight, isBackup) =
            (Weight(section), section.Count("maxInFlight", 0), section.Flag("backup", false));
        var refresh = section.Value(
            "refresh", new BackendSource { Kind = default, Text = "" }.Refresh, TryParseRefresh, ExpectedRefresh);
        if (problem is not null)
        {
            section.Errors.Add(section.Node(kind)!.Origin, section.PathOf(kind), problem);
            return null;
        }

        return new BackendEntry
        {
            Source = source with
            {
                Refresh = refresh,
                Weight = weight,
                MaxInFlight = maxInFlight,
                IsBackup = isBackup,
            },
        };
    }

    private static BackendEntry OfFile(ConfigSection section)
    {
        foreach (var key in new[] { "weight", "maxInFlight", "backup" })
        {
            if (section.Node(key) is { } node)
            {
                section.Errors.Add(node.Origin, section.PathOf(key), "goes with url, dns or srv; the items of a file "
                    + "have their own");
            }
        }

        RejectRefresh(section, "goes with dns or srv; a file is read when it changes");
        return new BackendEntry { OfFile = BackendFile.Read(section, File) };
    }

    private static void RejectRefresh(ConfigSection section, string? problem)
    {
        if (problem is null)
        {
            return;
        }

        section.Errors.Trace.Note(
            section.Shape<TimeSpan>("refresh", KeyKind.Value, TryParseRefresh, ExpectedRefresh) with
            {
                Default = "10s",
            });
        if (section.Node("refresh") is { } refresh)
        {
            section.Errors.Add(refresh.Origin, section.PathOf("refresh"), problem);
        }
    }

    private static int Weight(ConfigSection section) =>
        section.Count("weight", 1, least: 1, most: BackendOptions.MostWeight);

    private static string? TextOf(ConfigSection section, string key) =>
        section.Node(key) is { Kind: ConfigKind.Scalar } node ? node.Text : null;

    private static bool TryParseRefresh(string text, out TimeSpan value) =>
        Duration.TryParse(text, out value) && value >= ShortestRefresh;

    /// <summary>What one item has come to: a backend, a source, or the backends of a file.</summary>
    private sealed record BackendEntry
    {
        public BackendOptions? Backend { get; init; }

        public BackendSource? Source { get; init; }

        public IReadOnlyList<BackendOptions> OfFile { get; init; } = [];
    }
}
