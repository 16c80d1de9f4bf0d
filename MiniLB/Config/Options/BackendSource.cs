namespace MiniLB.Config.Options;

/// <summary>Where a pool finds backends that nobody has listed: a name, an SRV record or a file.</summary>
internal sealed record BackendSource
{
    public required SourceKind Kind { get; init; }

    /// <summary>As the operator wrote it: a URL, or a path.</summary>
    public required string Text { get; init; }

    /// <summary>Whether the backends are spoken to over TLS.</summary>
    public bool Tls { get; init; }

    /// <summary>The name that is looked up; a dot at its end says that it is complete. Empty for a file.</summary>
    public string Name { get; init; } = "";

    /// <summary>The port of all addresses; 0 where the answer says it.</summary>
    public int Port { get; init; }

    /// <summary>Time between two look-ups (nghttpx caches names as long; Envoy asks every 5 s, Caddy every
    /// minute).</summary>
    public TimeSpan Refresh { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Of each address; an SRV record's own weight is multiplied by it.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Of each address; 0 means no limit.</summary>
    public int MaxInFlight { get; init; }

    public bool IsBackup { get; init; }

    /// <summary>What is asked: sources of the same key have the same answer, in whatever pool they are.</summary>
    public string Key => $"{Word} {Text}";

    /// <summary>The host that backends are called by, in TLS and where a client has named none.</summary>
    /// <remarks>Of an SRV name what is behind its service and protocol: who can forge the answer, which names the
    /// targets, must not choose whose certificate is wanted (RFC 6125 section 1.8, RFC 6186 section 6).</remarks>
    public string ServerName
    {
        get
        {
            var name = Name.AsSpan().TrimEnd('.');
            while (Kind == SourceKind.Srv && name is ['_', ..] && name.IndexOf('.') is var dot and > 0)
            {
                name = name[(dot + 1)..];
            }

            return name.ToString();
        }
    }

    private string Word => Kind switch
    {
        SourceKind.Dns => "dns",
        SourceKind.Srv => "srv",
        _ => "file",
    };
}

/// <summary>What kind of source a <see cref="BackendSource"/> is.</summary>
internal enum SourceKind
{
    /// <summary>Every address of a name.</summary>
    Dns,

    /// <summary>Every address of the targets of a name's SRV records.</summary>
    Srv,

    /// <summary>The list in a file.</summary>
    File,
}
