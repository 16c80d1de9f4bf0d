using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace MiniLB.RequestPath.Accept.Tls;

/// <summary>What came of the certificate that a client has shown in one handshake.</summary>
internal sealed class ClientVerdict
{
    /// <summary>Why it is not taken; null where it is, or none was looked at.</summary>
    public string? Problem { get; private set; }

    /// <param name="shown">The certificate; null where none was shown.</param>
    /// <param name="chain">The attempt to lead it back to an authority.</param>
    /// <param name="errors">What is wrong.</param>
    /// <param name="isRequired">Whether there has to be one.</param>
    /// <returns>True where the client may come in.</returns>
    public bool Accepts(X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors, bool isRequired)
    {
        if (errors == SslPolicyErrors.None || (shown is null && !isRequired))
        {
            return true;
        }

        var reasons = chain?.ChainStatus.Select(s => s.Status).Distinct() ?? [];
        Problem = shown is null
            ? "it shows no certificate"
            : $"its certificate '{ClientSubject.Printable(shown.Subject)}' is refused: {string.Join(", ", reasons)}";
        return false;
    }
}
