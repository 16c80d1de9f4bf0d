using MiniLB.Config;
using MiniLB.State;

namespace MiniLB.BackgroundLoops.Certificates;

/// <summary>Warns of certificates that are about to expire: when they come into effect, and then once a day.</summary>
internal sealed class CertificateLoop(World world, TimeProvider time, ILogger<CertificateLoop> logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Again = TimeSpan.FromDays(1);

    // By digest, on the clock that nobody sets: one that is set back must not silence a warning.
    private Dictionary<string, TimeSpan> _warned = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var beats = new Beats(Period, time, cancellationToken);
        do
        {
            LookSafely();
        }
        while (await beats.NextAsync());
    }

    private void LookSafely()
    {
        try
        {
            Look();
        }
        catch (Exception e)
        {
            // One odd certificate must not end the warnings of all.
            CertificateLog.LookBroke(logger, e);
        }
    }

    private void Look()
    {
        var (now, moment) = (time.GetUtcNow(), time.GetElapsedTime(0));
        var warned = new Dictionary<string, TimeSpan>();
        foreach (var certificate in world.Current.Options.Certificates.Where(c => ExpiryRules.NeedsRenewal(c, now)))
        {
            if (!_warned.TryGetValue(certificate.Digest, out var last) || moment - last >= Again)
            {
                CertificateLog.NeedsRenewal(
                    logger, certificate.Path, string.Join(", ", certificate.Names), ExpiryRules.Text(certificate, now));
                last = moment;
            }

            warned[certificate.Digest] = last;
        }

        _warned = warned;
    }
}
