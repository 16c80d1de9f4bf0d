using System.Net;
using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>Makes backends of addresses and of SRV records (RFC 2782).</summary>
internal static class SrvRules
{
    /// <summary>The backend at an address.</summary>
    public static BackendOptions Backend(BackendSource source, IPAddress address, int port)
    {
        var named = new BackendAddress(source.Tls, address.ToString(), port);
        return new BackendOptions
        {
            // As the operator would write it: hashes and session cookies go by it, and agree with nodes that list it.
            Url = $"{(source.Tls ? "https" : "http")}://{named.Authority}",
            Address = named with { Name = source.ServerName },
        };
    }

    /// <summary>The records that count, sorted: of a service that there is, and with a name that a server may
    /// have.</summary>
    public static SrvRecord[] Usable(IReadOnlyList<SrvRecord> records) =>
    [
        .. records.Where(r => r is { Port: > 0, Target.IsRoot: false } && r.Target.Text is not null).Distinct()
            .OrderBy(r => r.Priority).ThenBy(r => r.Target.Wire, StringComparer.Ordinal).ThenBy(r => r.Port)
            .ThenBy(r => r.Weight),
    ];

    /// <summary>The backends of all records: those of the lowest priority serve, all others are backups.</summary>
    /// <remarks>A pool has two levels, a service may have more: all above the first are one. A weight is the
    /// target's, so that several addresses share it: with the most addresses of any target as the measure, each has the
    /// record's weight where all targets have as many, and more where its target has fewer. A weight of 0 is 1, the
    /// least share there is.</remarks>
    /// <param name="source">What was asked.</param>
    /// <param name="records">Usable ones, sorted.</param>
    /// <param name="addresses">Of each target.</param>
    public static List<BackendOptions> Backends(
        BackendSource source, SrvRecord[] records, Func<SrvRecord, IReadOnlyList<IPAddress>> addresses)
    {
        var backends = new Dictionary<BackendAddress, BackendOptions>();
        var most = records.Select(r => addresses(r).Count).DefaultIfEmpty().Max();
        foreach (var record in records)
        {
            var of = addresses(record);
            var weight = (int)Math.Round(Math.Max(1, (int)record.Weight) * (double)most / Math.Max(1, of.Count));
            foreach (var address in of)
            {
                var backend = Backend(source, address, record.Port) with
                {
                    Weight = weight,
                    IsBackup = record.Priority > records[0].Priority,
                };
                backends.TryAdd(backend.Address, backend);
            }
        }

        return [.. backends.Values];
    }
}
