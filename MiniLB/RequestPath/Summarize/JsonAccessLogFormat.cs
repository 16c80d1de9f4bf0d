using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.RequestPath.Summarize;

/// <summary>One JSON object a line; times in milliseconds.</summary>
[SuppressMessage("Design", "CA1001", Justification = "the writer holds a buffer of somebody else's only")]
internal sealed class JsonAccessLogFormat(AccessLogOptions options) : IAccessLogFormat
{
    // The lines are no HTML: only what JSON itself demands is escaped.
    private static readonly JsonWriterOptions Writing =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly Utf8JsonWriter _json = new(Stream.Null, Writing);

    public void Write(in AccessLogEntry entry, IBufferWriter<byte> output)
    {
        _json.Reset(output);
        _json.WriteStartObject();
        Span<char> time = stackalloc char[32];
        entry.Time.TryFormat(time, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        _json.WriteString("time", time[..length]);
        _json.WriteString("client", entry.Client);
        _json.WriteString("method", entry.Method);
        _json.WriteString("target", entry.Target);
        _json.WriteString("protocol", entry.Protocol);
        _json.WriteNumber("status", entry.Status);
        _json.WriteNumber("bytesIn", entry.BytesIn);
        _json.WriteNumber("bytesOut", entry.BytesOut);
        WriteMilliseconds("durationMs", entry.Duration);
        if (entry.Backend is not null)
        {
            WriteAttempts(entry);
        }

        _json.WriteString("ended", entry.Ended);
        _json.WriteString("requestId", entry.RequestId);
        WriteTls(entry.Tls);
        if (entry.TraceId is not null)
        {
            _json.WriteString("traceId", entry.TraceId);
        }

        WriteFields("requestHeaders", options.RequestHeaders, entry.RequestHeaders);
        WriteFields("responseHeaders", options.ResponseHeaders, entry.ResponseHeaders);
        _json.WriteEndObject();
        _json.Flush();
        output.Write("\n"u8);
    }

    private void WriteTls(TlsSession? tls)
    {
        if (tls is null)
        {
            return;
        }

        _json.WriteString("tls", tls.Protocol);
        if (tls.ServerName is not null)
        {
            _json.WriteString("serverName", tls.ServerName);
        }

        if (tls.Client is not null)
        {
            _json.WriteString("clientCertificate", tls.Client.Subject);
        }
    }

    private void WriteAttempts(in AccessLogEntry entry)
    {
        _json.WriteString("pool", entry.Pool);
        _json.WriteString("backend", entry.Backend);
        WriteMilliseconds("connectMs", entry.Connect);
        if (entry.FirstByte >= TimeSpan.Zero)
        {
            WriteMilliseconds("firstByteMs", entry.FirstByte);
        }

        _json.WriteNumber("attempts", Math.Max(1, entry.Attempts.Length));
        if (entry.Attempts.Length > 1)
        {
            _json.WriteStartArray("tries");
            foreach (var attempt in entry.Attempts)
            {
                _json.WriteStartObject();
                _json.WriteString("backend", attempt.Backend.Url);
                _json.WriteString("outcome", ForwardErrorRules.Word(attempt.Outcome));
                _json.WriteEndObject();
            }

            _json.WriteEndArray();
        }
    }

    private void WriteFields(string name, IReadOnlyList<string> names, string?[]? values)
    {
        if (values is null)
        {
            return;
        }

        _json.WriteStartObject(name);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is { } value)
            {
                _json.WriteString(names[i], value);
            }
        }

        _json.WriteEndObject();
    }

    private void WriteMilliseconds(string name, TimeSpan time) =>
        _json.WriteNumber(name, Math.Round(time.TotalMilliseconds, 3));
}
