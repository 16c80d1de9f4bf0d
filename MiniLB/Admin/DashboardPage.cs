using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace MiniLB.Admin;

/// <summary>The dashboard: one page that holds all of itself, and asks for nothing but this address's own
/// answers.</summary>
internal static class DashboardPage
{
    // Made when it is first asked for: most instances never are, and hashing loads a library.
    private static readonly Lazy<OwnAnswer> Made = new(Make);

    public static AdminAnswer Answer() => Made.Value;

    private static OwnAnswer Make()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("dashboard.html")!;
        using var page = new MemoryStream();
        stream.CopyTo(page);
        var text = Encoding.UTF8.GetString(page.ToArray());
        // Its own style and script and no others, so that a name that got into the page as markup could do nothing.
        var policy = $"default-src 'none'; style-src {Hash(text, "style")}; script-src {Hash(text, "script")}; "
            + "connect-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        return new OwnAnswer(StatusCodes.Status200OK, "text/html; charset=utf-8", page.ToArray())
        {
            Fields =
            [
                new("Content-Security-Policy", policy),
                new("X-Content-Type-Options", "nosniff"),
                new("X-Frame-Options", "DENY"),
                new("Referrer-Policy", "no-referrer"),
                new("Cross-Origin-Opener-Policy", "same-origin"),
            ],
        };
    }

    private static string Hash(string page, string element)
    {
        var start = page.IndexOf($"<{element}>", StringComparison.Ordinal) + element.Length + 2;
        var end = page.IndexOf($"</{element}>", start, StringComparison.Ordinal);
        return $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(page[start..end])))}'";
    }
}
