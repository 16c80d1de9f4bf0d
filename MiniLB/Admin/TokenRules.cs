using System.Security.Cryptography;
using System.Text;
using MiniLB.Config.Options;

namespace MiniLB.Admin;

/// <summary>Who may speak to an admin address that has a token.</summary>
internal static class TokenRules
{
    private const string Scheme = "Bearer ";

    /// <param name="target">What is asked for: the same segments decide that find it, however it is spelt.</param>
    /// <param name="admin">The token, and who needs none.</param>
    /// <param name="authorization">The Authorization field; null where there was none.</param>
    public static bool Allows(string target, AdminOptions admin, string? authorization) =>
        admin.Token is not { } token || IsOpen(target, admin) || IsRight(authorization, token);

    private static bool IsOpen(string target, AdminOptions admin) => AdminPath.Segments(target) switch
    {
        ["livez"] or ["readyz"] => true,
        // The page of the dashboard is the same everywhere, and a browser has no token until that page asks for it.
        [""] => true,
        ["metrics"] => admin.PublicMetrics,
        _ => false,
    };

    // Hashes are of one length, and their comparison takes one time: neither tells how near a guess is.
    private static bool IsRight(string? authorization, string token) =>
        authorization is not null
        && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Hash(authorization[Scheme.Length..].Trim(' ')), Hash(token));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
