using MiniLB.RequestPath.Admit;
using MiniLB.State;
using MiniLB.Transport;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Forward;

/// <summary>Writes the request head that a backend receives, made from the one that the client sent.</summary>
internal static class RequestHeadWriter
{
    public static void Write(Exchange exchange, Backend backend, SendBuffer to)
    {
        to.Write(exchange.Method);
        to.Write(" "u8);
        var target = exchange.ForwardedTarget;
        to.Write(target.Prefix);
        to.Write(target.Rest);
        to.Write(" HTTP/1.1\r\n"u8);
        CopyFields(exchange, backend, to);
        WriteConnection(exchange, to);
        WriteOwnFields(exchange, backend, to);
        to.Write("\r\n"u8);
    }

    private static void CopyFields(Exchange exchange, Backend backend, SendBuffer to)
    {
        var fields = exchange.RequestFields;
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            if (!field.Passes || IsLeftOut(field.Id, exchange, backend))
            {
                continue;
            }

            to.Write(field.Name);
            to.Write(": "u8);
            if (HopLimit.Next(exchange.Method, field) is { } hops)
            {
                to.Write(hops);
            }
            else
            {
                to.Write(field.Value);
            }

            to.Write("\r\n"u8);
        }
    }

    private static bool IsLeftOut(FieldId id, Exchange exchange, Backend backend) => id switch
    {
        FieldId.Host => exchange.HostOverride is not null,
        FieldId.Expect => !exchange.AwaitsContinue || backend.SpeaksHttp10,
        _ => HeaderRules.IsReplaced(id, exchange),
    };

    private static void WriteConnection(Exchange exchange, SendBuffer to)
    {
        if (exchange.RequestFraming == BodyFraming.Chunked)
        {
            to.Write("Transfer-Encoding: chunked\r\n"u8);
        }

        // HTTP/2 says by the end of the stream that there is no body; HTTP/1.1 by a length (RFC 9110 section 8.6).
        if (exchange.Protocol == "HTTP/2" && exchange.RequestLength is null && MeansBody(exchange))
        {
            to.Write("Content-Length: 0\r\n"u8);
        }

        if (exchange.UpgradeTo is { } protocol)
        {
            to.Write("Connection: Upgrade\r\nUpgrade: "u8);
            to.Write(protocol);
            to.Write("\r\n"u8);
        }
    }

    private static bool MeansBody(Exchange exchange) =>
        !exchange.HasRequestBody && exchange.Method is "POST" or "PUT" or "PATCH";

    // After the client's fields and not subject to its Connection field: nothing of this can be taken away.
    private static void WriteOwnFields(Exchange exchange, Backend backend, SendBuffer to)
    {
        if (exchange.HostOverride is { } host)
        {
            WriteField("Host: "u8, host, to);
        }
        else if (!exchange.RequestFields.Has(FieldId.Host))
        {
            WriteField("Host: "u8, exchange.Host.Length > 0 ? exchange.Host : backend.Address.Authority, to);
        }

        var forwarded = exchange.Forwarded;
        WriteField("X-Forwarded-For: "u8, forwarded.ForValue, to);
        WriteField("X-Forwarded-Proto: "u8, forwarded.ProtoValue, to);
        if (forwarded.HostValue.Length > 0)
        {
            WriteField("X-Forwarded-Host: "u8, forwarded.HostValue, to);
        }

        if (forwarded.ListValue is { } list)
        {
            WriteField("Forwarded: "u8, list, to);
        }

        WriteRequestId(exchange, to);
        if (exchange.Connection.Tls?.Client is { } client)
        {
            WriteField("X-Client-Cert-Subject: "u8, client.Subject, to);
            WriteField("X-Client-Cert-Fingerprint: "u8, client.Fingerprint, to);
        }

        WriteVia(exchange, to);
    }

    private static void WriteRequestId(Exchange exchange, SendBuffer to)
    {
        Span<byte> own = stackalloc byte[RequestIds.Length];
        to.Write("X-Request-Id: "u8);
        if (exchange.Id.IsOwn)
        {
            exchange.Id.Write(own);
            to.Write(own);
        }
        else
        {
            to.Write(exchange.RequestId);
        }

        to.Write("\r\n"u8);
    }

    // RFC 9110 section 7.6.3: the protocol by which the message was received, and who forwarded it.
    private static void WriteVia(Exchange exchange, SendBuffer to)
    {
        to.Write("Via: "u8);
        if (exchange.RequestFields.Text(FieldId.Via) is { Length: > 0 } before)
        {
            to.Write(before);
            to.Write(", "u8);
        }

        to.Write(exchange.Protocol switch
        {
            "HTTP/1.0" => "1.0 minilb\r\n"u8,
            "HTTP/2" => "2 minilb\r\n"u8,
            _ => "1.1 minilb\r\n"u8,
        });
    }

    private static void WriteField(ReadOnlySpan<byte> name, string value, SendBuffer to)
    {
        to.Write(name);
        to.Write(value);
        to.Write("\r\n"u8);
    }
}
