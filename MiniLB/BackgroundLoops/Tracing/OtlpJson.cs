using System.Globalization;
using System.Text.Json;
using MiniLB.State;

namespace MiniLB.BackgroundLoops.Tracing;

/// <summary>Writes spans as an ExportTraceServiceRequest of OTLP 1.x in JSON: ids in hexadecimal, 64-bit numbers as
/// text. The names are those of OpenTelemetry's conventions for HTTP servers.</summary>
internal static class OtlpJson
{
    private const int KindServer = 2;
    private const int StatusError = 2;

    public static byte[] Write(IReadOnlyList<Span> spans)
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteStartArray("resourceSpans");
            json.WriteStartObject();
            json.WriteStartObject("resource");
            json.WriteStartArray("attributes");
            Write(json, "service.name", "minilb");
            Write(json, "service.version", ProgramVersion.Text);
            Write(json, "host.name", Environment.MachineName);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteStartArray("scopeSpans");
            json.WriteStartObject();
            json.WriteStartObject("scope");
            json.WriteString("name", "minilb");
            json.WriteEndObject();
            json.WriteStartArray("spans");
            foreach (var span in spans)
            {
                Write(json, span);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return output.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Span span)
    {
        json.WriteStartObject();
        json.WriteString("traceId", span.TraceId);
        json.WriteString("spanId", span.SpanId);
        WriteWhereKnown(json, "parentSpanId", span.ParentId);
        WriteWhereKnown(json, "traceState", span.TraceState);
        json.WriteString("name", IsKnown(span.Method) ? span.Method : "HTTP");
        json.WriteNumber("kind", KindServer);
        json.WriteString("startTimeUnixNano", Nanoseconds(span.Start));
        json.WriteString("endTimeUnixNano", Nanoseconds(span.Start + span.Duration));
        json.WriteStartArray("attributes");
        WriteRequest(json, span);
        WriteOutcome(json, span);
        json.WriteEndArray();
        if (span.HasFailed)
        {
            json.WriteStartObject("status");
            json.WriteNumber("code", StatusError);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteRequest(Utf8JsonWriter json, Span span)
    {
        Write(json, "http.request.method", IsKnown(span.Method) ? span.Method : "_OTHER");
        Write(json, "http.request.method_original", IsKnown(span.Method) ? null : span.Method);
        Write(json, "url.scheme", span.Scheme);
        var query = span.Target.IndexOf('?', StringComparison.Ordinal);
        Write(json, "url.path", query < 0 ? span.Target : span.Target[..query]);
        Write(json, "url.query", query < 0 ? null : SensitiveQuery.Redacted(span.Target[(query + 1)..]));
        var colon = span.Host.LastIndexOf(':');
        var hasPort = colon > span.Host.LastIndexOf(']');
        var port = hasPort && ushort.TryParse(span.Host.AsSpan(colon + 1), NumberStyles.None, null, out var n) ? n : 0;
        Write(json, "server.address", hasPort ? span.Host[..colon] : span.Host);
        Write(json, "server.port", port);
        Write(json, "client.address", span.Client);
        Write(json, "network.peer.address", span.Peer);
        Write(json, "network.protocol.version", span.Version);
        Write(json, "user_agent.original", span.UserAgent);
    }

    private static void WriteOutcome(Utf8JsonWriter json, Span span)
    {
        Write(json, "http.response.status_code", span.Status);
        // Low in number, as the convention asks: our word for what went wrong, else the status.
        Write(json, "error.type", !span.HasFailed ? null
            : span.Ended != "done" ? span.Ended
            : span.Status.ToString(CultureInfo.InvariantCulture));
        Write(json, "minilb.pool", span.Pool);
        Write(json, "minilb.backend", span.Backend);
        Write(json, "minilb.ended", span.Ended);
        Write(json, "minilb.request_id", span.RequestId);
        if (span.Attempts.Count == 0)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("key", "minilb.attempts");
        json.WriteStartObject("value");
        json.WriteStartObject("arrayValue");
        json.WriteStartArray("values");
        foreach (var attempt in span.Attempts)
        {
            json.WriteStartObject();
            json.WriteString("stringValue", attempt);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>An attribute; one without a value is left out.</summary>
    private static void Write(Utf8JsonWriter json, string key, string? value)
    {
        if (value is { Length: > 0 })
        {
            WriteAttribute(json, key, "stringValue", value);
        }
    }

    private static void Write(Utf8JsonWriter json, string key, int value)
    {
        if (value != 0)
        {
            WriteAttribute(json, key, "intValue", value.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void WriteAttribute(Utf8JsonWriter json, string key, string type, string value)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteStartObject("value");
        json.WriteString(type, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteWhereKnown(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static string Nanoseconds(DateTime time) =>
        ((time - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick).ToString(CultureInfo.InvariantCulture);

    private static bool IsKnown(string method) => method is "GET" or "POST" or "HEAD" or "PUT" or "DELETE"
        or "OPTIONS" or "PATCH" or "CONNECT" or "TRACE";
}
