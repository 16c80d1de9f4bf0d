using System.Security.Cryptography.X509Certificates;

namespace MiniLB.Config.Options;

/// <summary>The certificates of the authorities whose word is taken, as read from one file.</summary>
/// <remarks>Two are equal where the file had the same content.</remarks>
/// <param name="path">The file.</param>
/// <param name="certificates">At least one.</param>
/// <param name="digest">Of what the file held.</param>
internal sealed class AuthoritySet(string path, X509Certificate2Collection certificates, string digest)
    : IEquatable<AuthoritySet>
{
    public string Path => path;

    public X509Certificate2Collection Certificates => certificates;

    public string Digest => digest;

    /// <summary>Those that the system has, not those of the configuration.</summary>
    public bool IsSystem { get; init; }

    public bool Equals(AuthoritySet? other) => other is not null && other.Path == path && other.Digest == Digest;

    public override bool Equals(object? obj) => Equals(obj as AuthoritySet);

    public override int GetHashCode() => HashCode.Combine(path, digest);
}
