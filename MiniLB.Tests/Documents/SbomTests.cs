using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Documents;

/// <summary>The bill of materials is what its standard says, and names what the file was made of. It is the one that
/// MINILB_SBOM names, or one made here of the packages that the tests were built with.</summary>
public sealed class SbomTests : IDisposable
{
    private static readonly string Root = ProgramUnderTest.Metadata("SourceFolder");
    private static readonly string? Published = Environment.GetEnvironmentVariable("MINILB_SBOM");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Document_IsCycloneDx()
    {
        var found = Schema("bom-1.6").Evaluate(
            JsonNode.Parse(Document())!, new EvaluationOptions { OutputFormat = OutputFormat.List });

        Assert.True(found.IsValid, string.Join('\n', found.Details
            .Where(d => d.HasErrors).Select(d => $"{d.InstanceLocation}: {string.Join(", ", d.Errors!.Values)}")));
    }

    [Fact]
    public void Schema_RefusesWhatIsNone()
    {
        var wrong = JsonNode.Parse(Document())!;
        wrong["components"]![0]!["scope"] = "perhaps";

        Assert.False(Schema("bom-1.6").Evaluate(wrong).IsValid);
    }

    [Fact]
    public void Components_AreThePackagesOfTheProgram_AndTheLibrariesInTheFile()
    {
        using var document = JsonDocument.Parse(Document());
        var inside = document.RootElement.GetProperty("components").EnumerateArray()
            .Where(c => c.GetProperty("scope").GetString() == "required").ToArray();
        string[] names = [.. inside.Select(c => c.GetProperty("name").GetString()!)];

        Assert.Superset(
            new HashSet<string> { "System.CommandLine", "System.IO.Hashing", "YamlDotNet", "openssl", "glibc" },
            names.ToHashSet());
        Assert.Equal(names.Distinct(), names);
        Assert.DoesNotContain("brotli", names);
        Assert.All(inside.Where(IsPackage),
            c => Assert.Matches("^[0-9a-f]{128}$", c.GetProperty("hashes")[0].GetProperty("content").GetString()));
    }

    [Fact]
    public void Document_MadeTwice_IsTheSame() => Assert.Equal(Document(), Document());

    private static bool IsPackage(JsonElement component) =>
        component.GetProperty("bom-ref").GetString()!.StartsWith("pkg:nuget/", StringComparison.Ordinal);

    private string Document() => Published is null ? Made() : File.ReadAllText(Published);

    private string Made()
    {
        var assets = Path.Combine(Root, "MiniLB/obj/project.assets.json");
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c",
            """
            fail() { echo "$1" >&2; exit 1; }
            openssl_inside() { echo "OpenSSL 3.0.1 1 Jan 2026"; }
            source deploy/sbom.sh
            sbom "$@"
            """,
            "sbom", ProgramUnderTest.Metadata("ProgramPath"), _folder.Write("symbols", "SSL_new\n__libc_start_main\n"),
            _folder.Write("response", Response(assets)), assets])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["SOURCE_DATE_EPOCH"] = "1795919257" },
        };
        using var bash = Process.Start(start)!;
        var (errors, document) = (bash.StandardError.ReadToEndAsync(), bash.StandardOutput.ReadToEnd());
        bash.WaitForExit();
        Assert.True(bash.ExitCode == 0, errors.Result);
        return document;
    }

    // What the compiler is given: an assembly of each package.
    private static string Response(string assets)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(assets));
        var folder = document.RootElement.GetProperty("packageFolders").EnumerateObject().First().Name;
        return string.Join('\n', document.RootElement.GetProperty("libraries").EnumerateObject()
            .Select(l => l.Value.GetProperty("path").GetString()!)
            .Where(path => !path.StartsWith("microsoft.", StringComparison.Ordinal))
            .Select(path => $"-r:{folder}{path}/lib/any.dll")) + "\n";
    }

    private static JsonSchema Schema(string name)
    {
        var assembly = Assembly.LoadFile(ProgramUnderTest.Metadata("CycloneDx"));
        foreach (var other in new[] { "spdx", "jsf-0.82" })
        {
            SchemaRegistry.Global.Register(Read(assembly, other));
        }

        return Read(assembly, name);
    }

    private static JsonSchema Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream($"CycloneDX.Core.Schemas.{name}.schema.json")!;
        using var reader = new StreamReader(stream);
        return JsonSchema.FromText(reader.ReadToEnd());
    }
}
