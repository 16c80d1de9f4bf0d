using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using MiniLB.Config;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Config.Schema;

/// <summary>docs/minilb.schema.json says what the binders take. After a change of keys or of their documentation:
/// UPDATE_SCHEMA=1 dotnet test --filter ConfigSchemaTests</summary>
public sealed partial class ConfigSchemaTests
{
    private static readonly string Folder = ProgramUnderTest.Metadata("SourceFolder");
    private static readonly string SchemaFile = Path.Combine(Folder, "docs/minilb.schema.json");
    private static readonly Dictionary<string, DocumentedKey> Documented = DocumentedKeys.Read();
    private static readonly ConfigSchema Model = ConfigSchema.Of(Documented);
    private static readonly string Text = Indented(Model.ToJson());

    private static readonly JsonSchema Schema = JsonSchema.FromText(Text);

    [Fact]
    public void SchemaFile_IsWhatTheBindersTake()
    {
        if (Environment.GetEnvironmentVariable("UPDATE_SCHEMA") is not null)
        {
            File.WriteAllText(SchemaFile, Text);
        }

        Assert.True(File.ReadAllText(SchemaFile) == Text,
            "docs/minilb.schema.json is not up to date: UPDATE_SCHEMA=1 dotnet test --filter ConfigSchemaTests");
    }

    [Fact]
    public void EveryKey_SaysWhatItMayBe() => Assert.Empty(Model.Unshaped);

    [Fact]
    public void EveryKey_IsDocumented() => Assert.DoesNotContain(
        Model.Keys.Select(k => k.Key).Except(["pools", "listeners", "routes"]),
        path => !Documented.ContainsKey(path) && !Documented.ContainsKey(path[..Math.Max(0, path.LastIndexOf('.'))]));

    [Fact]
    public void EveryDocumentedDefault_IsTheDefault() => Assert.Empty(
        from key in Model.Keys
        where Documented.ContainsKey(key.Key)
        let documented = Documented[key.Key].Default
        let actual = key.Value.Default
        where documented is not ("none" or "required" or "[]") && !documented.Contains(' ', StringComparison.Ordinal)
        where actual is not null || key.Value.TakesNull
        where documented != (actual ?? "null") && !(documented == "off" && actual == "0")
        select $"{key.Key}: {documented} in docs, {actual ?? "null"} in the program");

    [Fact]
    public void EveryDocumentedKey_Exists() => Assert.Empty(
        Documented.Keys.Except(Model.Keys.Select(k => k.Key)));

    [Fact]
    public void Examples_AreTaken() => Assert.All(Examples(), example =>
    {
        // The certificates of an example are not on this machine.
        Assert.DoesNotContain(example.Errors, e => !e.Contains("' cannot be read: ", StringComparison.Ordinal));
        Assert.Empty(Wrong(example.Json));
    });

    [Fact]
    public void EffectiveConfiguration_IsTaken() => Assert.Empty(
        Wrong(Encoding.UTF8.GetString(EffectiveJson.Write(Configured.ByPoolLine("\"slowStart\": 0").Options.Effective))));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"pools": {"a": {"backends": ["http://a", {"url": "http://b", "weight": 256, "backup": "on"}]}}}""")]
    [InlineData("""{"pools": {"a": {"backends": [{"dns": "http://a:80", "refresh": "5s", "weight": 2}, {"srv": "https://_a._tcp.b"}]}}}""")]
    [InlineData("""{"pools": {"a": {"http": 2, "slowStart": 0, "healthCheck": {"jitter": 0.5, "status": 200}}}}""")]
    [InlineData("""{"pools": {"a": {"retry": {"statuses": [502, "503-504"], "maxBody": 1024}, "healthCheck": null}}}""")]
    [InlineData("""{"pools": {"a": {"retry": {"statuses": "502,503"}, "queue": {"timeout": "off", "size": false}}}}""")]
    [InlineData("""{"listeners": [{"address": ":80", "http2": false}], "statusPath": null, "admin": {"mode": 600}}""")]
    [InlineData("""{"admin": {"address": false}, "accessLog": {"format": false}, "limits": {"body": "1MiB"}}""")]
    [InlineData("""{"headers": {"request": {"set": {"X": "1", "Y": 2}, "remove": ["Z"]}}, "timeouts": {"idle": "1.5s"}}""")]
    public void WhatTheBindersTake_TheSchemaTakes(string json)
    {
        Assert.DoesNotContain(Configured.By(json).Errors, e => !e.Contains(" backend", StringComparison.Ordinal));
        Assert.Empty(Wrong(json));
    }

    [Theory]
    [InlineData("""{"pols": {}}""")]
    [InlineData("""{"pools": {"a": {"backend": ["http://a"]}}}""")]
    [InlineData("""{"pools": {"a": {"backends": [{"weight": 2}]}}}""")]
    [InlineData("""{"pools": {"a": {"backends": [{"url": "http://a", "weight": 0}]}}}""")]
    [InlineData("""{"pools": {"a": {"backends": [{"url": "http://a", "weight": 257}]}}}""")]
    [InlineData("""{"pools": {"a": {"backends": "http://a"}}}""")]
    [InlineData("""{"pools": {"a": {"strategy": "fastest"}}}""")]
    [InlineData("""{"pools": {"a": {"healthCheck": {"interval": "10"}}}}""")]
    [InlineData("""{"pools": {"a": {"healthCheck": {"interval": 0}}}}""")]
    [InlineData("""{"pools": {"a": {"healthCheck": {"enabled": "yes"}}}}""")]
    [InlineData("""{"pools": {"a": {"healthCheck": {"jitter": 2}}}}""")]
    [InlineData("""{"pools": {"a": {"healthCheck": {"port": 0}}}}""")]
    [InlineData("""{"pools": {"a": {"retry": {"attempts": 101}}}}""")]
    [InlineData("""{"pools": {"a": {"timeouts": {"connect": "off"}}}}""")]
    [InlineData("""{"listeners": [{}]}""")]
    [InlineData("""{"listeners": [{"address": 80}]}""")]
    [InlineData("""{"statusPath": false}""")]
    [InlineData("""{"limits": {"headers": null}}""")]
    [InlineData("""{"limits": {"body": "1MB"}}""")]
    [InlineData("""{"timeouts": {"idle": 60}}""")]
    [InlineData("""{"trustedProxies": "10.0.0.0/8"}""")]
    [InlineData("""{"headers": {"request": {"set": ["X"]}}}""")]
    public void WhatTheBindersRefuse_TheSchemaRefuses(string json)
    {
        Assert.Contains(Configured.By(json).Errors, e => !e.Contains(" no backend", StringComparison.Ordinal));
        Assert.NotEmpty(Wrong(json));
    }

    private static string Indented(JsonObject json)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions
        {
            Indented = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }))
        {
            json.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static IEnumerable<(string Json, IReadOnlyList<string> Errors)> Examples()
    {
        var files = Directory.GetFiles(Path.Combine(Folder, "deploy"))
            .Where(f => Path.GetExtension(f) is ".json" or ".yaml").Select(f => (f, File.ReadAllText(f)));
        var blocks = Directory.GetFiles(Path.Combine(Folder, "docs"), "*.md").Append(Path.Combine(Folder, "README.md"))
            .SelectMany(f => Block().Matches(File.ReadAllText(f))
                .Select(m => (f + "." + m.Groups[1].Value, m.Groups[2].Value)))
            .Where(block => block.Item2.Contains("pools", StringComparison.Ordinal));
        var examples = files.Concat(blocks).ToArray();
        Assert.True(examples.Length >= 5, "the examples were not found");
        return examples.Select(e => ReadExample(e.Item1, e.Item2));
    }

    private static (string Json, IReadOnlyList<string> Errors) ReadExample(string name, string text)
    {
        var errors = new ConfigErrors();
        IConfigReader reader = name.EndsWith("json", StringComparison.Ordinal)
            ? new JsonConfigReader()
            : new YamlConfigReader();
        var root = reader.Read(Encoding.UTF8.GetBytes(text), name, errors)!;
        OptionsBinder.Bind(root, errors);
        return (Encoding.UTF8.GetString(EffectiveJson.Write(new EffectiveConfig(root))), errors.Errors);
    }

    private static IEnumerable<string> Wrong(string json)
    {
        var results = Schema.Evaluate(JsonNode.Parse(json), new EvaluationOptions { OutputFormat = OutputFormat.List });
        return results.IsValid
            ? []
            : [.. results.Details.Where(d => d.HasErrors)
                .Select(d => $"{d.InstanceLocation}: {string.Join("; ", d.Errors!.Values)}").DefaultIfEmpty("invalid")];
    }

    [GeneratedRegex("^```(json|yaml)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
