using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MiniLB.Config.Options;

namespace MiniLB.Transport;

/// <summary>Says in words why a backend's certificate is not taken, and what would help.</summary>
internal static class CertificateProblem
{
    private const int MostNames = 5;

    /// <param name="certificate">What the backend has shown.</param>
    /// <param name="chain">The attempt to lead it back to an authority.</param>
    /// <param name="errors">What the TLS stack says.</param>
    /// <param name="name">The name that it was asked for.</param>
    /// <param name="options">How it was verified.</param>
    public static string Describe(
        X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors, string name, BackendTlsOptions options)
    {
        var problems = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            problems.Add($"its certificate is for {Names(certificate)}; "
                + $"expected {name} (tls.serverName can say another)");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && chain is not null)
        {
            AddChain(problems, certificate, chain, options);
        }

        return problems.Count > 0 ? string.Join("; ", problems) : $"its certificate is not accepted: {errors}";
    }

    private static void AddChain(
        List<string> problems, X509Certificate2 certificate, X509Chain chain, BackendTlsOptions options)
    {
        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status);
        foreach (var element in chain.ChainElements)
        {
            if (element.ChainElementStatus.Any(s => s.Status == X509ChainStatusFlags.NotTimeValid))
            {
                var whose = element.Certificate.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)
                    ? "its certificate"
                    : $"the certificate of its authority '{element.Certificate.Subject}'";
                problems.Add(Time(whose, element.Certificate, DateTime.UtcNow));
            }
        }

        if ((status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
        {
            problems.Add(UnknownAuthority(chain, options));
        }

        if ((status & X509ChainStatusFlags.NotValidForUsage) != 0)
        {
            problems.Add("its certificate is not for servers (extended key usage)");
        }

        const X509ChainStatusFlags Said = X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.UntrustedRoot
            | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.NotValidForUsage;
        if ((status & ~Said) is var rest and not X509ChainStatusFlags.NoError)
        {
            problems.Add($"its certificate is not sound: {rest}");
        }
    }

    /// <summary>Why a certificate is not valid at some time.</summary>
    internal static string Time(string whose, X509Certificate2 certificate, DateTime now)
    {
        var (from, until) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        return now > until
            ? $"{whose} has expired at {Text(until)}"
            : $"{whose} is not valid before {Text(from)}";
    }

    private static string UnknownAuthority(X509Chain chain, BackendTlsOptions options)
    {
        var last = chain.ChainElements[^1].Certificate;
        var by = $"the authority '{last.Issuer}' of its certificate is unknown";
        return options.Authorities switch
        {
            { IsSystem: true } system => $"{by} to this system ('{system.Path}'): name its certificate with tls.ca, "
                + "or mount a bundle that has it",
            { } own => $"{by} to tls.ca ('{own.Path}')",
            null => by,
        };
    }

    private static string Names(X509Certificate2 certificate)
    {
        var names = KeyedCertificate.NamesOf(certificate);
        return names.Count == 0 ? "no host"
            : names.Count <= MostNames ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(MostNames))} and {names.Count - MostNames} more";
    }

    private static string Text(DateTime time) =>
        time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
