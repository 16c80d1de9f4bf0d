using System.Net;

namespace MiniLB.RequestPath.Hooks;

/// <summary>A request as a hook sees it. To be used during the call that it is handed to, and no longer.</summary>
public sealed class HookRequest
{
    internal HookRequest(Exchange exchange)
    {
        Method = exchange.Method;
        Target = exchange.Target;
        Host = exchange.Host;
        ClientAddress = exchange.Client;
        RequestId = exchange.RequestId;
        Headers = new HookHeaders(exchange);
    }

    /// <summary>The method as sent; its case counts. GET for a WebSocket over HTTP/2.</summary>
    public string Method { get; }

    /// <summary>Path and query as sent, byte for byte: not decoded, and never empty.</summary>
    public string Target { get; }

    /// <summary>The host, with the port where one was sent, that the client asks for; empty where a request in HTTP/1.0
    /// names none.</summary>
    public string Host { get; }

    /// <summary>The client's address, which is the one that trusted proxies say they speak for; null behind a unix
    /// socket.</summary>
    public IPAddress? ClientAddress { get; }

    /// <summary>The id that backends get in X-Request-Id and the access log names: 32 hexadecimal digits, or what a
    /// trusted proxy sent.</summary>
    public string RequestId { get; }

    /// <summary>The header fields that backends are sent.</summary>
    public HookHeaders Headers { get; }
}
