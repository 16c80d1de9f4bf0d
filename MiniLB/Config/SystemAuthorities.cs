using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>Finds the certificates of the authorities that the system trusts, wherever its distribution keeps
/// them.</summary>
/// <remarks>The static file runs on all of them. The search is that of Go's crypto/x509 (root_linux.go, root_unix.go):
/// SSL_CERT_FILE or the first file that there is, else SSL_CERT_DIR or the first folder that has some.</remarks>
/// <param name="variable">The value of an environment variable.</param>
internal sealed class SystemAuthorities(Func<string, string?> variable)
{
    public const string FileVariable = "SSL_CERT_FILE";
    public const string FolderVariable = "SSL_CERT_DIR";

    // All public authorities take a quarter of it.
    private const int MostBytes = 4 * 1024 * 1024;
    private const int MostFiles = 2048;

    private static readonly string[] UsualFiles =
    [
        "/etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Arch, Gentoo
        "/etc/pki/tls/certs/ca-bundle.crt", // Fedora, RHEL
        "/etc/ssl/ca-bundle.pem", // openSUSE
        "/etc/pki/tls/cacert.pem", // OpenELEC
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // RHEL 7 and later
        "/etc/ssl/cert.pem", // Alpine
    ];

    private static readonly string[] UsualFolders = ["/etc/ssl/certs", "/etc/pki/tls/certs"];

    private SystemAuthoritiesFound? _found;

    /// <summary>Where it looks without being told; a test's own places else.</summary>
    public IReadOnlyList<string> Files { get; init; } = UsualFiles;

    /// <summary>As above.</summary>
    public IReadOnlyList<string> Folders { get; init; } = UsualFolders;

    /// <summary>Reads them at the first call.</summary>
    public SystemAuthoritiesFound Read() => _found ??= Find();

    private SystemAuthoritiesFound Find()
    {
        var (file, folders) = (Value(FileVariable), Value(FolderVariable));
        if (file is not null)
        {
            return OfFile(file) is { } named
                ? named
                : new SystemAuthoritiesFound(null, [file],
                    $"no certificate of an authority can be read from '{file}', which {FileVariable} names");
        }

        if (folders is null && Files.Select(OfFile).FirstOrDefault(f => f is not null) is { } usual)
        {
            return usual;
        }

        var places = folders?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? Folders;
        return places.Select(OfFolder).FirstOrDefault(f => f is not null) ?? new SystemAuthoritiesFound(
            null, [.. Files], folders is null
                ? "the certificate of an https backend cannot be verified: this system has no certificates of "
                    + $"authorities where they are usually kept ({Files[0]} and others); mount some "
                    + $"(-v {UsualFiles[0]}:{UsualFiles[0]}:ro), or name those of the backends here"
                : $"no certificate of an authority can be read from '{folders}', which {FolderVariable} names");
    }

    private string? Value(string name) => variable(name) is { Length: > 0 } value ? value : null;

    private static SystemAuthoritiesFound? OfFile(string path) =>
        ReadText(path) is { } text && Parse(text) is { Count: > 0 } all
            ? new SystemAuthoritiesFound(Set(path, all), [path], null)
            : null;

    // Each certificate lies there several times: under its name, and as links under its hash.
    private static SystemAuthoritiesFound? OfFolder(string folder)
    {
        var all = new X509Certificate2Collection();
        var seen = new HashSet<string>();
        foreach (var path in FilesOf(folder))
        {
            var found = ReadText(path) is { } text && text.Length < MostBytes ? Parse(text) : null;
            foreach (var certificate in found ?? [])
            {
                if (seen.Add(certificate.Thumbprint))
                {
                    all.Add(certificate);
                }
            }
        }

        return all.Count > 0 ? new SystemAuthoritiesFound(Set(folder, all), [folder], null) : null;
    }

    private static string[] FilesOf(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Take(MostFiles)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? ReadText(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            // The length of what is no ordinary file is 0: a device or a pipe could be endless.
            var length = RandomAccess.GetLength(file);
            if (length is 0 or > MostBytes)
            {
                return null;
            }

            var bytes = new byte[length];
            return Encoding.Latin1.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static X509Certificate2Collection? Parse(string text)
    {
        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPem(text);
            return all;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static AuthoritySet Set(string path, X509Certificate2Collection all)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var certificate in all)
        {
            hash.AppendData(certificate.RawDataMemory.Span);
        }

        return new AuthoritySet(path, all, Convert.ToHexStringLower(hash.GetHashAndReset())) { IsSystem = true };
    }
}

/// <summary>What was found.</summary>
/// <param name="Authorities">Null where there are none.</param>
/// <param name="Files">What was read, or would have been: what changes there is a change.</param>
/// <param name="Problem">Why there are none.</param>
internal sealed record SystemAuthoritiesFound(
    AuthoritySet? Authorities, IReadOnlyList<string> Files, string? Problem);
