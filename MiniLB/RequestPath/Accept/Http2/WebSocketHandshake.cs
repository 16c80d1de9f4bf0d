using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Accept.Http2;

/// <summary>The handshake of WebSocket in HTTP/1.1 (RFC 6455 section 4), made for a client of HTTP/2, which has none of
/// its own.</summary>
internal static class WebSocketHandshake
{
    private const string Accept = "Sec-WebSocket-Accept";

    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));

    /// <summary>True where the backend has understood that it is to speak WebSocket.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "the protocol asks for SHA-1; it keeps nothing secret")]
    public static bool IsAnswered(string key, ResponseHead answer)
    {
        var proof = SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
        var expected = Encoding.ASCII.GetBytes(Convert.ToBase64String(proof));
        var at = Find(answer.Fields);
        return at >= 0 && answer.Fields[at].Value.SequenceEqual(expected);
    }

    /// <summary>Holds what proves a handshake: it means nothing to a client that made none.</summary>
    public static void Hold(FieldList fields)
    {
        if (Find(fields) is var at and >= 0)
        {
            fields.Hold(at);
        }
    }

    private static int Find(FieldList fields)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(fields[i].Name, Accept))
            {
                return i;
            }
        }

        return -1;
    }
}
