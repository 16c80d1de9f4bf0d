using System.Buffers;

namespace MiniLB.Tests.Fuzzing.Strict;

/// <summary>The character classes of RFC 9110.</summary>
internal static class Characters
{
    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789"u8);

    public static bool IsToken(ReadOnlySpan<byte> text) => text.Length > 0 && !text.ContainsAnyExcept(TokenBytes);

    public static bool IsDigits(ReadOnlySpan<byte> text) => text.Length > 0 && !text.ContainsAnyExcept(Digits);

    /// <summary>HTAB, SP, visible characters and 0x80 to 0xFF.</summary>
    public static bool IsFieldText(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
        {
            if (b != '\t' && (b < 0x20 || b == 0x7F))
            {
                return false;
            }
        }

        return true;
    }

    public static bool IsTarget(ReadOnlySpan<byte> text) =>
        text.Length > 0 && !text.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E) && !text.Contains((byte)'#');

    public static ReadOnlySpan<byte> TrimBlanks(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);
}
