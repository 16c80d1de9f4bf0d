using System.Security.Cryptography;

namespace MiniLB.RequestPath.Admit;

/// <summary>Makes request ids: 32 hexadecimal digits, unlike any other, by counting from a random start.</summary>
internal static class RequestIds
{
    private static readonly string Process = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private static long _last = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));

    public static string Next()
    {
        var number = Interlocked.Increment(ref _last);
        return string.Create(32, number, static (span, n) =>
        {
            Process.CopyTo(span);
            n.TryFormat(span[16..], out _, "x16");
        });
    }
}
