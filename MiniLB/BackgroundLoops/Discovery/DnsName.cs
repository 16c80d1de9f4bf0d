using System.Text;

namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>A domain name as it travels, in small letters: a length before each label, and a zero at the end.</summary>
/// <remarks>Compared in this form, a label that has a dot within is never taken for two.</remarks>
internal readonly record struct DnsName(string Wire)
{
    /// <summary>RFC 1035 section 2.3.4, the lengths and the zero included.</summary>
    public const int MostBytes = 255;

    /// <param name="text">A name of letters, digits, hyphens and underscores; a dot at the end changes nothing.</param>
    /// <param name="name">The same as it travels.</param>
    /// <returns>False where it cannot travel.</returns>
    public static bool TryParse(string text, out DnsName name)
    {
        name = default;
        var wire = new StringBuilder(text.Length + 2);
        foreach (var label in text.TrimEnd('.').Split('.'))
        {
            if (label.Length is 0 or > 63 || !label.All(IsOrdinary))
            {
                return false;
            }

            wire.Append((char)label.Length).Append(label.ToLowerInvariant());
        }

        wire.Append('\0');
        name = new DnsName(wire.ToString());
        return wire.Length <= MostBytes;
    }

    /// <summary>True for the name of the root, by which an SRV record says that there is no such service.</summary>
    public bool IsRoot => Wire is "\0";

    /// <summary>As it is written, without a dot at the end; null where a label has what no name of a server may
    /// have.</summary>
    public string? Text
    {
        get
        {
            var text = new StringBuilder(Wire.Length);
            for (var at = 0; Wire[at] > 0; at += 1 + Wire[at])
            {
                var label = Wire.AsSpan(at + 1, Wire[at]);
                foreach (var c in label)
                {
                    if (!IsOrdinary(c))
                    {
                        return null;
                    }
                }

                text.Append(at > 0 ? "." : "").Append(label);
            }

            return text.Length > 0 ? text.ToString() : null;
        }
    }

    private static bool IsOrdinary(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
}
