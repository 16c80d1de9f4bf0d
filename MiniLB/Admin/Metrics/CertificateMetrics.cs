using System.Runtime.CompilerServices;
using System.Text;
using MiniLB.Config.Options;
using static MiniLB.Admin.Metrics.MetricKind;

namespace MiniLB.Admin.Metrics;

/// <summary>What there is to say about each certificate.</summary>
internal sealed class CertificateMetrics
{
    private static readonly MetricFamily Expiry = new("minilb_certificate_expiry_timestamp_seconds", Gauge,
        "When the certificate in this file expires, in seconds since 1970; name is the first that it is for.");

    private readonly ConditionalWeakTable<KeyedCertificate, byte[]> _labels = [];

    public void Write(MetricWriter writer, BalancerOptions options)
    {
        writer.Begin(Expiry);
        foreach (var certificate in options.Certificates)
        {
            writer.Sample(Expiry, _labels.GetValue(certificate, Labels), certificate.NotAfter.ToUnixTimeSeconds());
        }
    }

    private static byte[] Labels(KeyedCertificate certificate) => Encoding.UTF8.GetBytes(
        $"file=\"{MetricLabels.Escaped(certificate.Path)}\","
        + $"name=\"{MetricLabels.Escaped(certificate.Names is [var name, ..] ? name : "")}\"");
}
