using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Peers;

namespace MiniLB.Tests.Deploy.Kubernetes;

/// <summary>What a folder of deploy/kubernetes becomes, as kubectl renders it.</summary>
internal sealed class ResourceSet
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Rendered = new();

    private ResourceSet(IReadOnlyList<JsonObject> resources) => Resources = resources;

    public static string Folder { get; } = Path.Combine(ProgramUnderTest.Metadata("SourceFolder"), "deploy/kubernetes");

    public IReadOnlyList<JsonObject> Resources { get; }

    public JsonObject Deployment => Resources.Single(r => Kind(r) == "Deployment");

    public JsonObject Pod => Deployment["spec"]!["template"]!.AsObject();

    public JsonObject Container => Pod["spec"]!["containers"]!.AsArray().Single()!.AsObject();

    /// <summary>The text that pods find as /etc/minilb/minilb.yaml.</summary>
    public string Configuration => (string)Resources.Single(r => Kind(r) == "ConfigMap")["data"]!["minilb.yaml"]!;

    /// <param name="name">The folder below deploy/kubernetes.</param>
    public static async Task<ResourceSet> RenderAsync(string name) => new(YamlNodes.Documents(
        await Rendered.GetOrAdd(name, n => new Lazy<Task<string>>(() => KubectlAsync(n))).Value));

    public static string Kind(JsonObject resource) => (string?)resource["kind"] ?? "";

    public static string Name(JsonObject resource) => (string?)resource["metadata"]?["name"] ?? "";

    public IEnumerable<JsonObject> Of(string kind) => Resources.Where(r => Kind(r) == kind);

    /// <summary>The port that something means by a container port's name.</summary>
    public int? PortNamed(string? name) => Container["ports"]!.AsArray()
        .Where(p => (string?)p!["name"] == name).Select(p => (int?)p!["containerPort"]).FirstOrDefault();

    private static async Task<string> KubectlAsync(string name)
    {
        var kubectl = await Tool.RunAsync("kubectl", "kustomize", Path.Combine(Folder, name));
        Assert.True(kubectl.ExitCode == 0, kubectl.Errors);
        return kubectl.Output;
    }
}
