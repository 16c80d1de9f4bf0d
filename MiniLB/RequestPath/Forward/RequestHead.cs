using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Primitives;
using MiniLB.State;

namespace MiniLB.RequestPath.Forward;

/// <summary>Builds the request head that a backend receives from the one that the client sent.</summary>
internal static class RequestHead
{
    private const int MostCachedMethods = 256;

    private static readonly ConcurrentDictionary<string, HttpMethod> Methods = new(StringComparer.Ordinal);

    public static BackendRequest Build(Exchange exchange, Backend backend)
    {
        var target = exchange.Targets.For(backend, exchange.Target);
        var request = new BackendRequest(MethodOf(exchange.Method), target, backend)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = ContentOf(exchange),
        };
        if (backend.SpeaksHttp10)
        {
            request.Headers.ConnectionClose = true;
        }

        CopyFields(exchange, request);
        AddOwnFields(exchange, request);
        return request;
    }

    // SocketsHttpHandler repeats a request without content on its own; BackendStream prevents that, see there.
    private static HttpContent? ContentOf(Exchange exchange)
    {
        if (exchange.HasRequestBody)
        {
            return new RequestBodyContent(exchange);
        }

        return exchange.RequestHeaders.ContentLength == 0 ? new EmptyContent() : null;
    }

    private static void CopyFields(Exchange exchange, BackendRequest request)
    {
        var connection = exchange.RequestHeaders.Connection;
        foreach (var (name, values) in exchange.RequestHeaders)
        {
            // Kestrel lists HTTP/2 pseudo-fields beside the others.
            if (HeaderRules.IsHopByHop(name) || IsOurs(name, exchange)
                || (connection.Count > 0 && HeaderRules.IsNamedBy(connection, name) && !IsHost(name)))
            {
                continue;
            }

            Add(request, name, values);
        }
    }

    // Without it SocketsHttpHandler would name the backend, and a client could choose that.
    private static bool IsHost(string name) => name.Equals("Host", StringComparison.OrdinalIgnoreCase);

    private static bool IsOurs(string name, Exchange exchange) =>
        name.StartsWith(':')
        || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Via", StringComparison.OrdinalIgnoreCase)
        || (HeaderRules.IsForwarding(name)
            && (!exchange.IsFromTrustedProxy || IsAppendedTo(name)));

    // Written by AddOwnFields from what a trusted proxy sent.
    private static bool IsAppendedTo(string name) =>
        name.Equals(ForwardedFields.For, StringComparison.OrdinalIgnoreCase)
        || name.Equals(ForwardedFields.Proto, StringComparison.OrdinalIgnoreCase)
        || name.Equals(ForwardedFields.Host, StringComparison.OrdinalIgnoreCase)
        || name.Equals(ForwardedFields.RequestId, StringComparison.OrdinalIgnoreCase);

    private static void AddOwnFields(Exchange exchange, BackendRequest request)
    {
        var headers = request.Headers;
        var forwarded = exchange.Forwarded;
        headers.TryAddWithoutValidation(ForwardedFields.For, forwarded.ForValue);
        headers.TryAddWithoutValidation(ForwardedFields.Proto, forwarded.ProtoValue);
        if (forwarded.HostValue.Length > 0)
        {
            headers.TryAddWithoutValidation(ForwardedFields.Host, forwarded.HostValue);
        }

        headers.TryAddWithoutValidation(ForwardedFields.RequestId, exchange.RequestId);

        // RFC 9110 section 7.6.3: the protocol by which the message was received, and who forwarded it.
        var hop = exchange.Protocol switch { "HTTP/1.0" => "1.0 minilb", "HTTP/2" => "2 minilb", _ => "1.1 minilb" };
        var via = exchange.RequestHeaders.Via;
        headers.TryAddWithoutValidation("Via", via.Count == 0 ? hop : $"{via}, {hop}");
    }

    // Fields that describe a body are refused by the request and go with its content.
    private static void Add(BackendRequest request, string name, StringValues values)
    {
        if (values.Count == 1)
        {
            if (!request.Headers.TryAddWithoutValidation(name, values[0]))
            {
                (request.Content ??= new EmptyContent()).Headers.TryAddWithoutValidation(name, values[0]);
            }

            return;
        }

        IEnumerable<string?> lines = values;
        if (!request.Headers.TryAddWithoutValidation(name, lines))
        {
            (request.Content ??= new EmptyContent()).Headers.TryAddWithoutValidation(name, lines);
        }
    }

    private static HttpMethod MethodOf(string method)
    {
        if (Methods.TryGetValue(method, out var known))
        {
            return known;
        }

        // A client may invent methods without end.
        var made = new HttpMethod(method);
        return Methods.Count < MostCachedMethods ? Methods.GetOrAdd(method, made) : made;
    }
}
