using System.Net;

namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>Finds the addresses and services of names, as the system does with "hosts: files dns".</summary>
/// <remarks>Not getaddrinfo: it holds a thread for as long as a server is silent, it cannot tell a name that has no
/// address from one that nobody could ask for, and of two questions, for IPv4 and for IPv6, it hides that one has
/// failed. In the static file it knows no more than this: other sources of names are libraries that it loads. A name
/// that only they have can be a <c>url</c>.</remarks>
/// <param name="client">Asks servers.</param>
/// <param name="settings">Says which names to ask for.</param>
/// <param name="hosts">Comes before all servers.</param>
internal sealed class NameLookup(DnsClient client, Func<ResolverSettings> settings, Func<HostsFile> hosts)
{
    private const string NoSuchName = "there is no such name (NXDOMAIN)";

    private static readonly DnsType[] Families = [DnsType.A, DnsType.Aaaa];

    // RFC 6761 section 6.3: no server is to be asked for it. An image made from scratch has no /etc/hosts.
    private static readonly IPAddress[] LocalHost = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    /// <param name="name">Of letters, digits, hyphens and underscores.</param>
    /// <param name="before">What stands in for a question that fails.</param>
    /// <param name="after">Where this look-up's answers are kept.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<FoundAddresses> AddressesAsync(
        string name, KeptAddresses before, KeptAddresses after, CancellationToken cancellationToken)
    {
        var known = hosts().Find(name) ?? (name.TrimEnd('.') is "localhost" ? LocalHost : null);
        if (known is not null)
        {
            return AddressRules.Usable(known);
        }

        DnsAnswer? failure = null;
        var isEmpty = false;
        foreach (var candidate in settings().Candidates(name))
        {
            var answers = await Task.WhenAll(
                Families.Select(type => client.AskAsync(candidate, type, cancellationToken)));
            if (Array.Exists(answers, a => a.IsFound))
            {
                return Together(name, answers, before, after);
            }

            failure ??= Array.Find(answers, a => a.IsFailure);
            if (Array.Exists(answers, a => a.Kind == DnsAnswerKind.Silent)
                || (failure is not null && Array.Exists(Families, f => before.Of(name, f) is not null)))
            {
                // As glibc: what no server answers, none will answer behind another domain. And what is known is not
                // given up for what another domain has while its own has failed.
                break;
            }

            isEmpty |= Array.Exists(answers, a => a.Kind == DnsAnswerKind.Empty);
        }

        if (failure is null && isEmpty)
        {
            return new FoundAddresses([], null, IsKnown: true);
        }

        var problem = new DnsAnswer(DnsAnswerKind.Refused, failure?.Problem ?? NoSuchName);
        return Together(name, [problem, problem], before, after);
    }

    /// <summary>The SRV records of a name.</summary>
    public async Task<DnsAnswer> ServicesAsync(string name, CancellationToken cancellationToken)
    {
        DnsAnswer? failure = null;
        DnsAnswer? empty = null;
        foreach (var candidate in settings().Candidates(name))
        {
            var answer = await client.AskAsync(candidate, DnsType.Srv, cancellationToken);
            if (answer.IsFound)
            {
                return answer;
            }

            failure ??= answer.IsFailure ? answer : null;
            empty ??= answer.Kind == DnsAnswerKind.Empty ? answer : null;
            if (answer.Kind == DnsAnswerKind.Silent)
            {
                break;
            }
        }

        return failure ?? empty ?? new DnsAnswer(DnsAnswerKind.NoSuchName, NoSuchName);
    }

    // That one family does not exist, where the other does, is what some servers say for "has none".
    private static FoundAddresses Together(
        string name, DnsAnswer[] answers, KeptAddresses before, KeptAddresses after)
    {
        var addresses = new List<IPAddress>();
        var isKnown = false;
        foreach (var (type, answer) in Families.Zip(answers))
        {
            var kept = answer.IsFailure ? before.Of(name, type) : answer.Addresses;
            if (kept is not null)
            {
                after.Keep(name, type, kept);
                addresses.AddRange(kept);
                isKnown = true;
            }
        }

        var usable = AddressRules.Usable(addresses);
        var problem = Array.Find(answers, a => a.IsFailure)?.Problem ?? usable.Problem;
        return usable with { Problem = problem, IsKnown = isKnown && usable.IsKnown };
    }
}
