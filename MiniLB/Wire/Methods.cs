using System.Text;

namespace MiniLB.Wire;

/// <summary>Request methods as text. Their case counts (RFC 9110 section 9.1).</summary>
internal static class Methods
{
    private static readonly string[] Known =
        ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE"];

    public static string Text(ReadOnlySpan<byte> method)
    {
        foreach (var known in Known)
        {
            if (Ascii.Equals(method, known))
            {
                return known;
            }
        }

        return Encoding.ASCII.GetString(method);
    }
}
