namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>/etc/resolv.conf and /etc/hosts, read again where they have changed.</summary>
/// <remarks>One that is not there, or cannot be read, is one that is empty, as for the system.</remarks>
internal sealed class SystemFiles
{
    private readonly Cached<ResolverSettings> _resolver;
    private readonly Cached<HostsFile> _hosts;

    public SystemFiles(string resolver = "/etc/resolv.conf", string hosts = "/etc/hosts")
    {
        _resolver = new Cached<ResolverSettings>(resolver, ResolverSettings.Parse);
        _hosts = new Cached<HostsFile>(hosts, HostsFile.Parse);
    }

    public ResolverSettings Resolver => _resolver.Current;

    public HostsFile Hosts => _hosts.Current;

    /// <summary>A file and what was made of it last.</summary>
    private sealed class Cached<T>(string path, Func<string, T> parse)
    {
        // Lists of names that are to be hidden have some megabytes.
        private const int MostBytes = 16 * 1024 * 1024;

        private readonly Lock _reading = new();
        private FileStamp? _stamp;
        private T? _value;

        public T Current
        {
            get
            {
                lock (_reading)
                {
                    // Before it is read: what changes meanwhile is read again.
                    var stamp = FileStamp.Of(path);
                    if (stamp != _stamp)
                    {
                        var text = Text(stamp);
                        _value = parse(text ?? "");
                        // One that could not be read may be the next time, though nothing about it has changed.
                        _stamp = text is null ? null : stamp;
                    }

                    return _value!;
                }
            }
        }

        /// <returns>Null where it cannot be read.</returns>
        private string? Text(FileStamp stamp)
        {
            try
            {
                return stamp.Length is >= 0 and <= MostBytes ? File.ReadAllText(path) : "";
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }
}
