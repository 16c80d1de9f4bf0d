using System.Text;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Forward;

/// <summary>Which fields may follow a body: none that says where the message ends, where it goes, who sent it or how
/// it is to be read (RFC 9110 section 6.5.1).</summary>
internal static class TrailerRules
{
    private static readonly HashSet<string> Refused = new(StringComparer.OrdinalIgnoreCase)
    {
        "Age", "Cache-Control", "Expires", "Location", "Pragma", "Range", "Retry-After", "Set-Cookie", "Vary",
        "Warning",
    };

    /// <summary>Holds every line that may not be a trailer.</summary>
    public static void Hold(FieldList trailers)
    {
        for (var i = 0; i < trailers.Count; i++)
        {
            if (!MayFollow(trailers[i]))
            {
                trailers.Hold(i);
            }
        }
    }

    private static bool MayFollow(in FieldLine field)
    {
        // Every field that MiniLB acts upon in a head would mean something else, or nothing, behind the body.
        if (field.Id != FieldId.Other)
        {
            return false;
        }

        var name = Encoding.ASCII.GetString(field.Name);
        return !Refused.Contains(name)
            && !name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
            && !name.StartsWith("If-", StringComparison.OrdinalIgnoreCase);
    }
}
