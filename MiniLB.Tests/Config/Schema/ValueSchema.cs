using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MiniLB.Config;

namespace MiniLB.Tests.Config.Schema;

/// <summary>The schema of one value, by what its error line says that it must be.</summary>
internal static partial class ValueSchema
{
    private const string Number = @"([0-9]+\.?[0-9]*|\.[0-9]+)";

    public static JsonObject Of(KeyShape shape)
    {
        var options = new JsonArray();
        Add(options, shape);
        if (shape.TakesNull)
        {
            options.Add(new JsonObject { ["type"] = "null" });
        }

        return options is [JsonObject only] ? (JsonObject)only.DeepClone() : new JsonObject { ["anyOf"] = options };
    }

    /// <summary>A text as the JSON value that one would write for it.</summary>
    public static JsonNode Json(string text) =>
        text is "true" or "false" ? JsonValue.Create(text == "true")
        : decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == text ? JsonValue.Create(number)
        : JsonValue.Create(text);

    private static void Add(JsonArray options, KeyShape shape)
    {
        var expected = shape.Expected;
        if (expected.StartsWith("a duration", StringComparison.Ordinal))
        {
            var mayBeNone = shape.Accepts!("0");
            options.Add(Text(mayBeNone ? $"^({Number}(ms|s|m|h)|0|off|false)$" : $"^{Number}(ms|s|m|h)$"));
            AddNone(options, mayBeNone, 0, false);
        }
        else if (expected.StartsWith("a size", StringComparison.Ordinal))
        {
            var mayBeNone = shape.Accepts!("off");
            options.Add(Text(mayBeNone ? "^([0-9]+(KiB|MiB|GiB)?|off|false)$" : "^[0-9]+(KiB|MiB|GiB)?$"));
            options.Add(new JsonObject { ["type"] = "integer", ["minimum"] = shape.Accepts("0") ? 0 : 1 });
            AddNone(options, mayBeNone, false);
        }
        else if (WholeNumber().Match(expected) is { Success: true } range)
        {
            AddCount(options, shape, range);
        }
        else if (expected.StartsWith("one of ", StringComparison.Ordinal))
        {
            options.Add(Words(expected["one of ".Length..].Split(", ")));
        }
        else if (expected == "a number from 0 to 1")
        {
            options.Add(new JsonObject { ["type"] = "number", ["minimum"] = 0, ["maximum"] = 1 });
            options.Add(Text($"^{Number}$"));
        }
        else if (expected == "true or false")
        {
            options.Add(Words(["true", "false", "on", "off"]));
        }
        else
        {
            AddText(options, shape.Accepts);
        }
    }

    private static void AddCount(JsonArray options, KeyShape shape, Match range)
    {
        var number = new JsonObject
        {
            ["type"] = "integer",
            ["minimum"] = int.Parse(range.Groups[1].Value, CultureInfo.InvariantCulture),
        };
        if (range.Groups[2].Success)
        {
            number["maximum"] = int.Parse(range.Groups[2].Value, CultureInfo.InvariantCulture);
        }

        var mayBeNone = shape.Accepts!("off");
        options.Add(number);
        options.Add(Text(mayBeNone ? "^([0-9]+|off|false)$" : "^[0-9]+$"));
        AddNone(options, mayBeNone, false);
    }

    // What kinds of JSON values a binder takes is found out by asking it.
    private static void AddText(JsonArray options, Func<string, bool>? accepts)
    {
        var types = new JsonArray("string");
        string[] numbers = ["0", "1", "1.5", "200", "8080", "600"];
        if (accepts is not null && numbers.Any(accepts))
        {
            types.Add((JsonNode)"number");
        }

        options.Add(new JsonObject { ["type"] = types.Count == 1 ? "string" : types });
        AddNone(options, accepts is not null && accepts("false"), false);
    }

    private static void AddNone(JsonArray options, bool mayBeNone, params JsonNode?[] values)
    {
        if (mayBeNone)
        {
            options.Add(new JsonObject { ["enum"] = new JsonArray(values) });
        }
    }

    private static JsonObject Text(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    private static JsonObject Words(string[] words)
    {
        var values = new JsonArray();
        foreach (var word in words)
        {
            values.Add((JsonNode)word);
            if (Json(word) is var json && json.GetValueKind() != System.Text.Json.JsonValueKind.String)
            {
                values.Add(json);
            }
        }

        return new JsonObject { ["enum"] = values };
    }

    [GeneratedRegex("^a whole number(?:, at least| from) ([0-9]+)(?: to ([0-9]+))?$")]
    private static partial Regex WholeNumber();
}
