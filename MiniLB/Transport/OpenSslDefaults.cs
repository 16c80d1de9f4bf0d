using System.Text;

namespace MiniLB.Transport;

/// <summary>Tells OpenSSL which ciphers, groups and versions of TLS there are, for clients and backends
/// alike.</summary>
/// <remarks>Without it the machine's openssl.cnf would decide, and in an empty container another list would hold than
/// on Debian. SslStream's own means, a list of suites, switches the resumption of sessions off.</remarks>
internal static class OpenSslDefaults
{
    private const string Variable = "OPENSSL_CONF";
    private const string OwnFile = "/proc/self/fd/";
    private const uint CloseOnExec = 1;

    // Mozilla's intermediate list of suites (version 5.7) without DHE: forward secrecy and authenticated encryption
    // only.
    private const string Settings = """
        openssl_conf = minilb
        [minilb]
        ssl_conf = ssl
        [ssl]
        system_default = tls
        [tls]
        MinProtocol = TLSv1.2
        CipherString = ECDHE+AESGCM:ECDHE+CHACHA20:@SECLEVEL=2
        Ciphersuites = TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256
        Groups = X25519:P-256:P-384:P-521
        Options = ServerPreference,PrioritizeChaCha,NoRenegotiation

        """;

    /// <summary>Before anything is encrypted, hashed or drawn at random; without effect where the operator names a file
    /// of their own, or where there is no /proc.</summary>
    public static void Set()
    {
        if (!OperatingSystem.IsLinux()
            || (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } file
                && !file.StartsWith(OwnFile, StringComparison.Ordinal)))
        {
            return;
        }

        var descriptor = NativeMethods.CreateMemoryFile("minilb-openssl", CloseOnExec);
        if (descriptor < 0)
        {
            return;
        }

        // Open for as long as the process lives: OpenSSL reads it when it is first used.
        var memory = new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: false);
        RandomAccess.Write(memory, Encoding.ASCII.GetBytes(Settings), 0);
        _ = NativeMethods.SetEnvironment(Variable, OwnFile + descriptor, overwrite: 1);
    }
}
