using System.Globalization;
using System.Net;

namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>Whom to ask, as /etc/resolv.conf says it (resolv.conf(5)).</summary>
/// <remarks>Of its options those are followed that say something about one look-up; what is not known is passed over,
/// as the system does.</remarks>
internal sealed record ResolverSettings
{
    private const int Port = 53;

    // As in glibc.
    private const int MostServers = 3;
    private const int MostDots = 15;
    private const int MostAttempts = 5;
    private const int MostSeconds = 30;

    // Each costs a look-up, and nobody has more (Kubernetes writes 3 to 6).
    private const int MostDomains = 8;

    /// <summary>At least one.</summary>
    public IReadOnlyList<IPEndPoint> Servers { get; init; } = [new IPEndPoint(IPAddress.Loopback, Port)];

    /// <summary>What is tried behind names that are short of dots.</summary>
    public IReadOnlyList<string> Search { get; init; } = [];

    /// <summary>With fewer dots a name is tried behind the search list first.</summary>
    public int Dots { get; init; } = 1;

    /// <summary>How long one server is waited for. Shorter than glibc's 5 s: the start waits 5 s at most, and in that
    /// time a second server must have had its turn.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often each server is asked.</summary>
    public int Attempts { get; init; } = 2;

    public static ResolverSettings Parse(string text)
    {
        var settings = new ResolverSettings();
        List<IPEndPoint> servers = [];
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["nameserver", var address, ..] when IPAddress.TryParse(address, out var server):
                    servers.Add(new IPEndPoint(server, Port));
                    break;
                case ["search" or "domain", ..]: // the last one counts
                    settings = settings with { Search = [.. words.Skip(1).Take(MostDomains)] };
                    break;
                case ["options", ..]:
                    settings = words.Skip(1).Aggregate(settings, static (s, option) => s.With(option));
                    break;
            }
        }

        return servers.Count == 0 ? settings : settings with { Servers = [.. servers.Take(MostServers)] };
    }

    /// <summary>The names to ask for, one after the other, for a name that was written.</summary>
    public IEnumerable<string> Candidates(string name)
    {
        if (name.EndsWith('.'))
        {
            return [name];
        }

        var behind = Search.Select(domain => $"{name}.{domain.Trim('.')}");
        return name.Count(c => c == '.') >= Dots ? behind.Prepend(name) : behind.Append(name);
    }

    private ResolverSettings With(string option)
    {
        var colon = option.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !int.TryParse(
            option.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return this;
        }

        return option[..colon] switch
        {
            "ndots" => this with { Dots = Math.Min(number, MostDots) },
            "timeout" => this with { Timeout = TimeSpan.FromSeconds(Math.Clamp(number, 1, MostSeconds)) },
            "attempts" => this with { Attempts = Math.Clamp(number, 1, MostAttempts) },
            _ => this,
        };
    }
}
