using System.Buffers;

namespace MiniLB.Wire;

/// <summary>Which bytes may stand where (RFC 9110 section 5, RFC 9112 section 3).</summary>
/// <remarks>Every check is a method of its own, so that the tests can switch each one off and see that it is
/// missed.</remarks>
internal static class Syntax
{
    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    // Controls but the horizontal tab; CR and LF among them.
    private static readonly SearchValues<byte> NotInValues = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
            31, 127]);

    private static readonly SearchValues<byte> HostBytes = SearchValues.Create(
        "-._~!$&'()*+;=%0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> AddressLiteralBytes = SearchValues.Create(":.0123456789ABCDEFabcdef"u8);

    public static bool IsToken(ReadOnlySpan<byte> text) => text.Length > 0 && !text.ContainsAnyExcept(TokenBytes);

    public static bool IsFieldValue(ReadOnlySpan<byte> text) => !text.ContainsAny(NotInValues);

    /// <summary>Visible ASCII without a fragment: what every recipient reads alike.</summary>
    public static bool IsTarget(ReadOnlySpan<byte> text) =>
        text.Length > 0 && !text.ContainsAnyExceptInRange((byte)'!', (byte)'~') && !text.Contains((byte)'#');

    /// <summary>uri-host [ ":" port ] (RFC 9110 section 7.2); an empty one is allowed, user information is
    /// not.</summary>
    public static bool IsHost(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> rest;
        if (text.StartsWith((byte)'['))
        {
            var end = text.IndexOf((byte)']');
            if (end < 3 || text[1..end].ContainsAnyExcept(AddressLiteralBytes))
            {
                return false;
            }

            rest = text[(end + 1)..];
        }
        else
        {
            var colon = text.IndexOf((byte)':');
            var host = colon < 0 ? text : text[..colon];
            if (host.ContainsAnyExcept(HostBytes) || (colon == 0))
            {
                return false;
            }

            rest = colon < 0 ? default : text[colon..];
        }

        return rest.IsEmpty || (rest[0] == ':' && IsPort(rest[1..]));
    }

    // An empty port stands for the scheme's own (RFC 3986 section 3.2.3).
    private static bool IsPort(ReadOnlySpan<byte> text) =>
        text.IsEmpty || (text.Length <= 5 && Numbers.TryDecimal(text, out var port) && port <= 65535);
}
