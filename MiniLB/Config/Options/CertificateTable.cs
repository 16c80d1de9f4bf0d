namespace MiniLB.Config.Options;

/// <summary>The certificates of a listener, found by the name that a client asks for (SNI, RFC 6066 section
/// 3).</summary>
/// <remarks>Two are equal where they have equal certificates in the same order.</remarks>
internal sealed class CertificateTable : IEquatable<CertificateTable>
{
    private readonly Dictionary<string, int> _exact = [];

    // By what follows the star; a wildcard stands for one label.
    private readonly Dictionary<string, int> _wildcards = [];

    /// <param name="certificates">Of those for one name the first counts; the first of all is for clients that name
    /// nothing, or something unknown.</param>
    public CertificateTable(IReadOnlyList<KeyedCertificate> certificates)
    {
        All = certificates;
        for (var i = 0; i < certificates.Count; i++)
        {
            foreach (var name in certificates[i].Names)
            {
                _ = name.StartsWith("*.", StringComparison.Ordinal)
                    ? _wildcards.TryAdd(name[1..], i)
                    : _exact.TryAdd(name, i);
            }
        }
    }

    public IReadOnlyList<KeyedCertificate> All { get; }

    /// <param name="name">As the client has sent it; null or empty where it has sent none.</param>
    /// <returns>The position in <see cref="All"/>.</returns>
    public int Find(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return 0;
        }

        var small = name.ToLowerInvariant();
        var dot = small.IndexOf('.', StringComparison.Ordinal);
        return _exact.TryGetValue(small, out var position)
            || (dot > 0 && _wildcards.TryGetValue(small[dot..], out position))
                ? position
                : 0;
    }

    public bool Equals(CertificateTable? other) => other is not null && All.SequenceEqual(other.All);

    public override bool Equals(object? obj) => Equals(obj as CertificateTable);

    public override int GetHashCode() => All.Count == 0 ? 0 : All[0].GetHashCode();
}
