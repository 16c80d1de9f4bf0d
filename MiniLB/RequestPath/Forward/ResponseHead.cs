using System.Net.Http.Headers;
using Microsoft.Extensions.Primitives;

namespace MiniLB.RequestPath.Forward;

/// <summary>Copies a backend's response head to the client's response.</summary>
internal static class ResponseHead
{
    /// <returns>False where the head is larger than allowed or cannot be passed on; the response is then
    /// untouched.</returns>
    public static bool TryCopy(HttpResponseMessage from, Exchange exchange)
    {
        if ((int)from.StatusCode < 200)
        {
            return false; // a 101 that nobody asked for; SocketsHttpHandler keeps the other interim answers to itself
        }

        var to = exchange.Response.Headers;
        var connection = from.Headers.NonValidated.TryGetValues("Connection", out var lines)
            ? new StringValues([.. lines])
            : StringValues.Empty;
        var room = exchange.Pool.Options.Limits.ResponseHeaders;
        try
        {
            if (!TryCopy(from.Headers.NonValidated, to, connection, ref room)
                || !TryCopy(from.Content.Headers.NonValidated, to, connection, ref room))
            {
                to.Clear();
                return false;
            }

            exchange.Response.StatusCode = (int)from.StatusCode;
            exchange.Response.ReasonPhrase = from.ReasonPhrase;
            exchange.CloseIfLast();
            return true;
        }
        catch (InvalidOperationException)
        {
            // A character that no header value may hold.
            to.Clear();
            return false;
        }
    }

    private static bool TryCopy(
        HttpHeadersNonValidated from, IHeaderDictionary to, StringValues connection, ref int room)
    {
        foreach (var (name, values) in from)
        {
            room -= values.Count;
            if (room < 0)
            {
                return false;
            }

            if (HeaderRules.IsHopByHop(name) || (connection.Count > 0 && HeaderRules.IsNamedBy(connection, name)))
            {
                continue;
            }

            to[name] = values.Count == 1 ? new StringValues(values.ToString()) : new StringValues([.. values]);
        }

        return true;
    }
}
