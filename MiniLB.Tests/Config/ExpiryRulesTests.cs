using System.Globalization;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Tests.Certificates;

namespace MiniLB.Tests.Config;

public sealed class ExpiryRulesTests
{
    [Theory]
    [InlineData(90, false, "expires on {0} (90 days)")]
    [InlineData(14.5, false, "expires on {0} (14 days)")]
    [InlineData(13.9, true, "expires on {0} (13 days)")]
    [InlineData(0.5, true, "expires on {0} (0 days)")]
    [InlineData(-3, true, "has expired on {0}")]
    public void Certificate_IsWarnedOfTwoWeeksBefore(double daysLeft, bool warned, string text)
    {
        using var authority = new TestAuthority();
        var end = DateTimeOffset.UtcNow.AddDays(30);
        var issued = authority.Issue("CN=a", ["a.test"], 30);
        var certificate = new KeyedCertificate("a.pem", issued.WithKey(), [], "1");
        var now = certificate.NotAfter - TimeSpan.FromDays(daysLeft);

        Assert.Equal(warned, ExpiryRules.NeedsRenewal(certificate, now));
        Assert.Equal(
            text.Replace("{0}", end.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), StringComparison.Ordinal),
            ExpiryRules.Text(certificate, now));
    }
}
