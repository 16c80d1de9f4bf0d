using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MiniLB.RequestPath.Accept.Tls;

/// <summary>Writes the name in a client's certificate so that it can stand in a header field.</summary>
internal static class ClientSubject
{
    /// <returns>The parts from the particular to the general, as RFC 4514 has it, in printable ASCII.</returns>
    public static string Text(X500DistinguishedName name) =>
        Printable(name.Decode(X500DistinguishedNameFlags.Reversed | X500DistinguishedNameFlags.DoNotUseQuotes));

    /// <summary>Writes each byte that is no printable ASCII as a backslash and two digits (RFC 4514 section
    /// 2.4).</summary>
    internal static string Printable(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var printable = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            _ = octet is >= (byte)' ' and <= (byte)'~'
                ? printable.Append((char)octet)
                : printable.Append(CultureInfo.InvariantCulture, $"\\{octet:X2}");
        }

        return printable.ToString();
    }
}
