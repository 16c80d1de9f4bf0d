using System.Globalization;
using System.Text;

namespace MiniLB.RequestPath.Accept;

/// <summary>The Date line of responses whose backend sent none (RFC 9110 section 6.6.1), made anew each
/// second.</summary>
internal static class DateField
{
    // Both written by whichever request finds them old; a reader sees one line or the other, whole.
    private static volatile byte[] _line = [];
    private static long _madeAt = long.MinValue / 2;

    /// <summary>What stands between the name and the end of the line.</summary>
    public static ReadOnlySpan<byte> Value => Line["Date: ".Length..^2];

    public static ReadOnlySpan<byte> Line
    {
        get
        {
            var now = Environment.TickCount64;
            if (now - Volatile.Read(ref _madeAt) >= 1000)
            {
                _line = Encoding.ASCII.GetBytes(
                    $"Date: {DateTime.UtcNow.ToString("R", CultureInfo.InvariantCulture)}\r\n");
                Volatile.Write(ref _madeAt, now);
            }

            return _line;
        }
    }
}
