using System.Text;

namespace MiniLB.RequestPath.Admit;

/// <summary>Makes request ids: 32 hexadecimal digits, unlike any other, by counting from a random start.</summary>
internal static class RequestIds
{
    public const int Length = 32;

    // They are to differ, and need not be secret: OpenSSL's random numbers would take 1.7 MB of memory.
    private static readonly byte[] Process = Encoding.ASCII.GetBytes($"{Start():x16}");

    private static long _last = Start();

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

    private static long Start() => Random.Shared.NextInt64(long.MinValue, long.MaxValue);

    public static string Text(long number)
    {
        Span<byte> text = stackalloc byte[Length];
        Write(number, text);
        return Encoding.ASCII.GetString(text);
    }
}
