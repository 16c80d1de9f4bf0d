using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>Reads the certificates and keys whose files a configuration names, and says what is wrong with
/// them.</summary>
internal static class PemFiles
{
    // A bundle of all public authorities has a quarter of it.
    private const int MostBytes = 1024 * 1024;

    private const string ExpectedPath = "the path of a PEM file";

    /// <summary>A certificate and its key, named by two keys that go together.</summary>
    /// <returns>Null where there is none, or where something is wrong with it, which has been said then.</returns>
    public static KeyedCertificate? Certificate(ConfigSection section, string certificate, string key)
    {
        var certificatePath = PathOf(section, certificate);
        var keyPath = PathOf(section, key);
        if (certificatePath is null || keyPath is null)
        {
            RejectHalf(section, certificatePath, keyPath, certificate, key);
            return null;
        }

        var (text, keyText) = (Read(section, certificate, certificatePath), Read(section, key, keyPath));
        if (text is null || keyText is null || Certificates(section, certificate, certificatePath, text) is not { } all)
        {
            return null;
        }

        try
        {
            if (KeyRules.ProblemOf(all[0]) is { } problem)
            {
                Reject(section, certificate, $"'{certificatePath}' {problem}");
                return null;
            }

            var leaf = X509Certificate2.CreateFromPem(text, keyText);
            all.RemoveAt(0);
            return new KeyedCertificate(certificatePath, leaf, all, Digest(text, keyText));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            Reject(section, key, $"'{keyPath}' {ProblemOf(keyText, certificatePath)}");
            return null;
        }
    }

    /// <summary>The certificates of authorities.</summary>
    /// <returns>Null where none are named, or where something is wrong with them, which has been said then.</returns>
    public static AuthoritySet? Authorities(ConfigSection section, string key)
    {
        if (PathOf(section, key) is not { } path || Read(section, key, path) is not { } text
            || Certificates(section, key, path, text) is not { } all)
        {
            return null;
        }

        // A chain ends at a certificate that vouches for itself; what has been issued by another vouches for nobody
        // without that one.
        if (!all.Any(c => c.SubjectName.RawData.AsSpan().SequenceEqual(c.IssuerName.RawData)))
        {
            Reject(section, key, $"'{path}' has no root: its certificates are issued by "
                + $"'{all[^1].Issuer}', which is not among them; expected the certificate of that authority too");
            return null;
        }

        return new AuthoritySet(path, all, Digest(text));
    }

    private static string? PathOf(ConfigSection section, string key) =>
        section.Optional<string?>(key, null, TryParsePath, ExpectedPath);

    private static bool TryParsePath(string text, out string? path)
    {
        path = text;
        return text.Length > 0 && !text.AsSpan().ContainsAnyInRange('\0', '\u001f');
    }

    private static void RejectHalf(
        ConfigSection section, string? certificatePath, string? keyPath, string certificate, string key)
    {
        if (certificatePath is not null && section.Node(key) is null or { Text: null })
        {
            Reject(section, certificate, $"goes together with {key}, which is missing; expected {ExpectedPath}");
        }
        else if (keyPath is not null && section.Node(certificate) is null or { Text: null })
        {
            Reject(section, key, $"goes together with {certificate}, which is missing; expected {ExpectedPath}");
        }
    }

    private static string? Read(ConfigSection section, string key, string path)
    {
        var text = ReadWhole(section, key, path);
        section.Errors.Files.Add(new ReadFile(path, text is null ? "" : Digest(text)));
        return text;
    }

    private static string? ReadWhole(ConfigSection section, string key, string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            if (length > MostBytes)
            {
                Reject(section, key, $"'{path}' has {length} bytes; expected a PEM file of at most {MostBytes}");
                return null;
            }

            // The length of what is no ordinary file is 0: a device or a pipe could be endless.
            var bytes = new byte[length];
            return Encoding.Latin1.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Reject(section, key, $"'{path}' cannot be read: {e.Message}");
            return null;
        }
    }

    private static X509Certificate2Collection? Certificates(
        ConfigSection section, string key, string path, string text)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(text);
        }
        catch (CryptographicException e)
        {
            Reject(section, key, $"'{path}' has a certificate that cannot be read: {e.Message}");
            return null;
        }

        if (all.Count == 0)
        {
            Reject(section, key, $"'{path}' has no certificate; expected a PEM file with BEGIN CERTIFICATE");
            return null;
        }

        return all;
    }

    // Whatever is in the file, nothing of it may be said.
    private static string ProblemOf(string keyText, string certificatePath) =>
        keyText.Contains("ENCRYPTED", StringComparison.Ordinal)
            ? "is encrypted; expected a key without a passphrase, such as `openssl pkey -in FILE` writes"
        : !keyText.Contains("PRIVATE KEY-----", StringComparison.Ordinal)
            ? "has no private key; expected a PEM file with BEGIN PRIVATE KEY"
        : $"is not the private key of the first certificate in '{certificatePath}'; expected its RSA or ECDSA key, and "
            + "the certificate itself before those of its authorities";

    private static string Digest(params string[] texts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(string.Join('\0', texts))));

    private static void Reject(ConfigSection section, string key, string message) =>
        section.Errors.Add(
            section.Node(key)?.Origin ?? ConfigOrigin.Default, section.PathOf(key), message);
}
