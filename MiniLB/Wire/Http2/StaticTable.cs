using System.Text;

namespace MiniLB.Wire.Http2;

/// <summary>The fields that HPACK knows by number from the beginning (RFC 7541 appendix A).</summary>
internal static class StaticTable
{
    public const int Count = 61;

    private static readonly (byte[] Name, byte[] Value)[] Fields =
    [
        .. (":authority|:method=GET|:method=POST|:path=/|:path=/index.html|:scheme=http|:scheme=https|:status=200|"
            + ":status=204|:status=206|:status=304|:status=400|:status=404|:status=500|accept-charset|"
            + "accept-encoding=gzip, deflate|accept-language|accept-ranges|accept|access-control-allow-origin|age|"
            + "allow|authorization|cache-control|content-disposition|content-encoding|content-language|"
            + "content-length|content-location|content-range|content-type|cookie|date|etag|expect|expires|from|host|"
            + "if-match|if-modified-since|if-none-match|if-range|if-unmodified-since|last-modified|link|location|"
            + "max-forwards|proxy-authenticate|proxy-authorization|range|referer|refresh|retry-after|server|"
            + "set-cookie|strict-transport-security|transfer-encoding|user-agent|vary|via|www-authenticate")
            .Split('|').Select(f => f.Split('=')).Select(f =>
                (Encoding.ASCII.GetBytes(f[0]), Encoding.ASCII.GetBytes(f.Length > 1 ? f[1] : ""))),
    ];

    // Names as long as each other are few.
    private static readonly int[][] ByLength = Sorted();

    /// <param name="index">From 1.</param>
    /// <param name="name">In lower case.</param>
    /// <param name="value">May be empty.</param>
    public static void Get(int index, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        ref readonly var field = ref Fields[index - 1];
        name = field.Name;
        value = field.Value;
    }

    /// <returns>Where a name stands, in whatever case it is given; 0 where it does not.</returns>
    public static int Find(ReadOnlySpan<byte> name)
    {
        if (name.Length < ByLength.Length)
        {
            foreach (var index in ByLength[name.Length])
            {
                if (Ascii.EqualsIgnoreCase(name, Fields[index - 1].Name))
                {
                    return index;
                }
            }
        }

        return 0;
    }

    private static int[][] Sorted()
    {
        var sorted = new List<int>[Fields.Max(f => f.Name.Length) + 1];
        for (var index = 1; index <= Count; index++)
        {
            (sorted[Fields[index - 1].Name.Length] ??= []).Add(index);
        }

        return [.. sorted.Select(s => s?.ToArray() ?? [])];
    }
}
