using System.Security.Cryptography.X509Certificates;

namespace MiniLB.Config.Options;

/// <summary>A certificate with its private key and the certificates between it and its authority, as read from
/// files.</summary>
/// <remarks>Two are equal where the files had the same content: what is made of one is then good for the other.
/// </remarks>
internal sealed class KeyedCertificate : IEquatable<KeyedCertificate>
{
    /// <param name="path">The file of the certificate.</param>
    /// <param name="leaf">The certificate, with its key.</param>
    /// <param name="chain">What follows it in the file.</param>
    /// <param name="digest">Of what the files held.</param>
    public KeyedCertificate(string path, X509Certificate2 leaf, X509Certificate2Collection chain, string digest)
    {
        (Path, Leaf, Chain, Digest) = (path, leaf, chain, digest);
        Names = NamesOf(leaf);
    }

    public string Path { get; }

    public X509Certificate2 Leaf { get; }

    public X509Certificate2Collection Chain { get; }

    public string Digest { get; }

    /// <summary>The host names that it is for, in small letters, perhaps with a wildcard as the first label (RFC 6125
    /// section 6.4.3).</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether its authority tells of revocations by OCSP (RFC 6960); most public ones do no more.</summary>
    public bool NamesOcsp => Leaf.Extensions.OfType<X509AuthorityInformationAccessExtension>()
        .Any(e => e.EnumerateOcspUris().Any());

    public DateTimeOffset NotAfter => new(Leaf.NotAfter.ToUniversalTime());

    public bool Equals(KeyedCertificate? other) => other is not null && other.Path == Path && other.Digest == Digest;

    public override bool Equals(object? obj) => Equals(obj as KeyedCertificate);

    public override int GetHashCode() => HashCode.Combine(Path, Digest);

    /// <summary>As <see cref="Names"/>, of any certificate.</summary>
    public static IReadOnlyList<string> NamesOf(X509Certificate2 leaf)
    {
        var names = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(a => a.ToString())))
            .Select(n => n.ToLowerInvariant())
            .Distinct()
            .ToList();
        if (names.Count == 0 && leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: false) is { Length: > 0 } name)
        {
            names.Add(name.ToLowerInvariant());
        }

        return names;
    }
}
