using System.Globalization;
using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>Tells which certificates somebody has to look after.</summary>
internal static class ExpiryRules
{
    // Whoever renews automatically does so a month before the end: two weeks before, that has failed for two weeks.
    public static readonly TimeSpan Warning = TimeSpan.FromDays(14);

    public static bool NeedsRenewal(KeyedCertificate certificate, DateTimeOffset now) =>
        certificate.NotAfter - now < Warning;

    /// <returns>Such as "expires 2027-02-27 (89 days)".</returns>
    public static string Text(KeyedCertificate certificate, DateTimeOffset now)
    {
        var left = certificate.NotAfter - now;
        var day = certificate.NotAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return left < TimeSpan.Zero
            ? $"has expired on {day}"
            : string.Create(CultureInfo.InvariantCulture, $"expires on {day} ({(int)left.TotalDays} days)");
    }
}
