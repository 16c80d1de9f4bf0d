using MiniLB.Config.Options;

namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>Looks one source up.</summary>
internal sealed class SourceLookup(NameLookup names)
{
    // Each is two questions, every refresh.
    private const int MostTargets = 1024;

    /// <summary>Looks up by the files of the system.</summary>
    public static SourceLookup OfSystem(DnsClient client, SystemFiles files) =>
        new(new NameLookup(client, () => files.Resolver, () => files.Hosts));

    /// <param name="source">What to ask.</param>
    /// <param name="before">The last good answers.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A finding, whatever happens; only the cancellation of the token is thrown.</returns>
    public Task<SourceFinding> OfAsync(
        BackendSource source, KeptAddresses before, CancellationToken cancellationToken) =>
        source.Kind == SourceKind.Srv
            ? OfServiceAsync(source, before, cancellationToken)
            : OfNameAsync(source, before, cancellationToken);

    private async Task<SourceFinding> OfNameAsync(
        BackendSource source, KeptAddresses before, CancellationToken cancellationToken)
    {
        var after = new KeptAddresses();
        var found = await names.AddressesAsync(source.Name, before, after, cancellationToken);
        return found.IsKnown
            ? new SourceFinding(
                [.. found.Addresses.Select(a => SrvRules.Backend(source, a, source.Port))], found.Problem, after)
            : new SourceFinding(null, found.Problem, before);
    }

    private async Task<SourceFinding> OfServiceAsync(
        BackendSource source, KeptAddresses before, CancellationToken cancellationToken)
    {
        var answer = await names.ServicesAsync(source.Name, cancellationToken);
        if (answer.IsFailure || answer.Kind == DnsAnswerKind.NoSuchName)
        {
            return new SourceFinding(null, answer.Problem, before);
        }

        var usable = SrvRules.Usable(answer.Services);
        var records = usable[..Math.Min(usable.Length, MostTargets)];
        var after = new KeptAddresses();
        // A target is a whole name: nothing is searched behind it.
        var targets = records.Select(r => r.Target.Text!).Distinct().ToArray();
        var found = (await Task.WhenAll(
            targets.Select(t => names.AddressesAsync(t + ".", before, after, cancellationToken))))
            .Zip(targets).ToDictionary(p => p.Second, p => p.First);
        var backends = SrvRules.Backends(source, records, r => found[r.Target.Text!].Addresses);
        var problem = targets.Where(t => found[t].Problem is not null)
            .Select(t => $"target {t}: {found[t].Problem}").FirstOrDefault()
            ?? (usable.Length > records.Length
                ? $"it has {usable.Length} records, of which the first {MostTargets} are used"
                : null);
        // Where nothing is known of any target, nothing is known.
        return targets.Length > 0 && backends.Count == 0 && problem is not null
            ? new SourceFinding(null, problem, before)
            : new SourceFinding(backends, problem, after);
    }
}
