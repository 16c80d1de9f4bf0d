using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace MiniLB.Config;

/// <summary>Writes an effective configuration as a JSON file that could be configured with, but for its
/// secrets.</summary>
internal static class EffectiveJson
{
    private static readonly JsonWriterOptions Layout = new() { Indented = true };

    public static byte[] Write(EffectiveConfig config)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Layout))
        {
            Write(json, config.Blanked().Root);
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, ConfigNode node)
    {
        switch (node.Kind)
        {
            case ConfigKind.List:
                json.WriteStartArray();
                node.Items.ForEach(item => Write(json, item));
                json.WriteEndArray();
                break;
            case ConfigKind.Map:
                json.WriteStartObject();
                foreach (var member in node.Members)
                {
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value);
                }

                json.WriteEndObject();
                break;
            default:
                WriteScalar(json, node.Text);
                break;
        }
    }

    // As a number only what comes back from one as the same text: 0600 would not.
    private static void WriteScalar(Utf8JsonWriter json, string? text)
    {
        if (text is null)
        {
            json.WriteNullValue();
        }
        else if (text is "true" or "false")
        {
            json.WriteBooleanValue(text == "true");
        }
        else if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == text)
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteStringValue(text);
        }
    }
}
