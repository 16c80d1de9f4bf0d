using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace MiniLB.Logging;

/// <summary>An entry of the log as one line of JSON, with the names that .NET's own JSON log has.</summary>
internal sealed class JsonLogFormatter() : ConsoleFormatter("minilb-json")
{
    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("Timestamp"u8, DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture));
            json.WriteNumber("EventId"u8, logEntry.EventId.Id);
            json.WriteString("LogLevel"u8, logEntry.LogLevel.ToString());
            json.WriteString("Category"u8, logEntry.Category);
            json.WriteString("Message"u8, logEntry.Formatter(logEntry.State, logEntry.Exception));
            if (logEntry.Exception is { } exception)
            {
                json.WriteString("Exception"u8, ExceptionText.Of(exception));
            }

            if (logEntry.State is IReadOnlyCollection<KeyValuePair<string, object?>> values)
            {
                json.WriteStartObject("State"u8);
                foreach (var (name, value) in values)
                {
                    WriteValue(json, name, value);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        textWriter.Write(Encoding.UTF8.GetString(line.WrittenSpan));
        textWriter.Write('\n');
    }

    private static void WriteValue(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(name);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            case int or long or uint or ushort or byte:
                json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double.NaN or double.PositiveInfinity or double.NegativeInfinity:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
            case double number:
                json.WriteNumber(name, number);
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
