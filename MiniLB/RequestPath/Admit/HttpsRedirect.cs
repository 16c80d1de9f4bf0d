using System.Globalization;
using MiniLB.Config;
using MiniLB.RequestPath.Summarize;

namespace MiniLB.RequestPath.Admit;

/// <summary>Sends whoever comes to a listener without TLS to the one with it.</summary>
internal static class HttpsRedirect
{
    private const int HttpsPort = 443;

    /// <returns>The port to name; 0 where the request may go on. A trusted proxy that says https has had TLS with the
    /// client itself.</returns>
    public static int PortFor(Exchange exchange) =>
        exchange.Connection.Listener is { RedirectToHttps: > 0 and var port } && exchange.Connection.Tls is null
        && exchange.Forwarded.ProtoValue != "https"
            ? port
            : 0;

    public static ValueTask AnswerAsync(Exchange exchange, int port)
    {
        if (exchange.Host.Length == 0)
        {
            return ProblemWriter.WriteAsync(exchange, Problem.HostMissing);
        }

        // 308 keeps method and body (RFC 9110 section 15.4.9).
        return RedirectWriter.WriteAsync(
            exchange, StatusCodes.Status308PermanentRedirect,
            Location(RouteHost.NameOf(exchange.Host), port, exchange.Target));
    }

    internal static string Location(ReadOnlySpan<char> host, int port, string target)
    {
        var authority = port == HttpsPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{port}");
        return $"https://{host}{authority}{target}";
    }
}
