using System.Net;
using System.Text;
using MiniLB.State;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Forward;

/// <summary>The request that one attempt in HTTP/2 sends, and what its connection callback reports back.</summary>
internal sealed class Http2Request : HttpRequestMessage
{
    // Canonicalisation off: what the client sent arrives byte for byte.
    private static readonly UriCreationOptions Raw = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private Http2Request(Exchange exchange, Backend backend)
        : base(new HttpMethod(exchange.Method), TargetOf(exchange, backend))
    {
        Backend = backend;
        Version = HttpVersion.Version20;
        VersionPolicy = HttpVersionPolicy.RequestVersionExact;
    }

    public Backend Backend { get; }

    /// <summary>How long the connection took that was made for this request; zero where a kept one was used.</summary>
    public TimeSpan ConnectTime { get; set; }

    /// <summary>Where a backend chooses the protocol: the connection that was made to learn it.</summary>
    public Handover? Handover { get; private init; }

    public static Http2Request Build(Exchange exchange, Backend backend, Handover? handover)
    {
        var request = new Http2Request(exchange, backend)
        {
            Handover = handover,
            Content = exchange.HasRequestBody ? new Http2RequestBody(exchange) : null,
        };
        request.CopyFields(exchange);
        request.AddOwnFields(exchange, backend);
        return request;
    }

    // What the connector has secured the handler takes as it is; the scheme is sent (RFC 9113 section 8.3.1).
    private static Uri TargetOf(Exchange exchange, Backend backend) =>
        new($"{(backend.Address.Tls ? "https" : "http")}://{backend.Address.Authority}{exchange.ForwardedTarget}", Raw);

    private void CopyFields(Exchange exchange)
    {
        var fields = exchange.RequestFields;
        var asksForTrailers = fields.Lists(FieldId.Te, "trailers"u8);
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            if (field.Passes && !IsLeftOut(field.Id, exchange))
            {
                Add(Encoding.ASCII.GetString(field.Name),
                    HopLimit.Next(exchange.Method, field) ?? Encoding.Latin1.GetString(field.Value));
            }
        }

        if (asksForTrailers)
        {
            Add("TE", "trailers"); // gRPC asks for it
        }
    }

    private static bool IsLeftOut(FieldId id, Exchange exchange) => id switch
    {
        FieldId.Host or FieldId.Expect => true,
        _ => HeaderRules.IsReplaced(id, exchange),
    };

    private void AddOwnFields(Exchange exchange, Backend backend)
    {
        var forwarded = exchange.Forwarded;
        Headers.Host = exchange.HostOverride
            ?? (exchange.Host.Length > 0 ? exchange.Host : backend.Address.Authority);
        Add("X-Forwarded-For", forwarded.ForValue);
        Add("X-Forwarded-Proto", forwarded.ProtoValue);
        if (forwarded.HostValue.Length > 0)
        {
            Add("X-Forwarded-Host", forwarded.HostValue);
        }

        if (forwarded.ListValue is { } list)
        {
            Add("Forwarded", list);
        }

        Add("X-Request-Id", exchange.RequestId);
        if (exchange.Connection.Tls?.Client is { } client)
        {
            Add("X-Client-Cert-Subject", client.Subject);
            Add("X-Client-Cert-Fingerprint", client.Fingerprint);
        }

        var hop = exchange.Protocol["HTTP/".Length..] + " minilb";
        Add("Via", exchange.RequestFields.Text(FieldId.Via) is { Length: > 0 } before ? $"{before}, {hop}" : hop);
    }

    // Fields that describe a body are refused by the request and go with its content.
    private void Add(string name, string value)
    {
        if (!Headers.TryAddWithoutValidation(name, value))
        {
            (Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value);
        }
    }
}
