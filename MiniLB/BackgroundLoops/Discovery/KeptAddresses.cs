using System.Collections.Concurrent;
using System.Net;

namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>The last good answers of one source, for as long as its names cannot be asked for.</summary>
/// <remarks>A look-up makes another one, so that it holds no more names than the last one had.</remarks>
internal sealed class KeptAddresses
{
    // Written by the questions of one look-up, which run beside one another.
    private readonly ConcurrentDictionary<(string Name, DnsType Type), IReadOnlyList<IPAddress>> _kept = [];

    public void Keep(string name, DnsType type, IReadOnlyList<IPAddress> addresses) => _kept[(name, type)] = addresses;

    /// <returns>Null where there was none.</returns>
    public IReadOnlyList<IPAddress>? Of(string name, DnsType type) => _kept.GetValueOrDefault((name, type));
}
