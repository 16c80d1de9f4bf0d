using System.Text;

namespace MiniLB.RequestPath.Admit;

/// <summary>Makes request ids: 32 hexadecimal digits, unlike any other, by counting from a random start.</summary>
internal static class RequestIds
{
    public const int Length = 32;

    // The system's own random numbers, 122 bits; OpenSSL, which makes the others, would take 1.7 MB for these.
    private static readonly byte[] Random = Guid.NewGuid().ToByteArray();

    private static readonly byte[] Process = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Random.AsSpan(0, 8)));

    private static long _last = BitConverter.ToInt64(Random, 8);

    /// <returns>What the next one is written from.</returns>
    public static long Next() => Interlocked.Increment(ref _last);

    /// <param name="number">Of <see cref="Next"/>.</param>
    /// <param name="into">At least <see cref="Length"/> bytes.</param>
    public static void Write(long number, Span<byte> into)
    {
        Process.CopyTo(into);
        for (var i = Length - 1; i >= Process.Length; i--)
        {
            into[i] = "0123456789abcdef"u8[(int)(number & 15)];
            number >>= 4;
        }
    }

    public static string Text(long number)
    {
        Span<byte> text = stackalloc byte[Length];
        Write(number, text);
        return Encoding.ASCII.GetString(text);
    }
}
