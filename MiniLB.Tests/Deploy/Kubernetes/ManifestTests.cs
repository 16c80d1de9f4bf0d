using System.Text.Json.Nodes;

namespace MiniLB.Tests.Deploy.Kubernetes;

/// <summary>deploy/kubernetes as kubectl renders it is what Kubernetes takes, and its parts agree with each other and
/// with the program.</summary>
public sealed class ManifestTests : IDisposable
{
    private const string Container = "Deployment/minilb spec.template.spec.containers.0.";
    private const string Pod = "Deployment/minilb spec.template.spec.";

    private readonly ResourceModels _models = new();

    public static TheoryData<string> Folders => new("base", "overlays/production");

    public void Dispose() => _models.Dispose();

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Folder_HasNoProblem(string folder) =>
        Assert.Empty(Problems(await ResourceSet.RenderAsync(folder)));

    [Theory]
    [InlineData("Deployment", "base")]
    [InlineData("HorizontalPodAutoscaler", "base")]
    [InlineData("NetworkPolicy", "base")]
    [InlineData("PodDisruptionBudget", "base")]
    [InlineData("Service", "base")]
    [InlineData("ServiceAccount", "base")]
    [InlineData("ServiceMonitor", "overlays/production")]
    [InlineData("Namespace", "overlays/production")]
    public async Task Kind_IsThere(string kind, string folder) =>
        Assert.NotEmpty((await ResourceSet.RenderAsync(folder)).Of(kind));

    [Fact]
    public void EveryFile_IsNamedByTheKustomizationBesideIt()
    {
        var files = Directory.GetFiles(ResourceSet.Folder, "*", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) != "kustomization.yaml").ToArray();

        Assert.True(files.Length > 10);
        Assert.All(files, f => Assert.Contains(
            Path.GetFileName(f), File.ReadAllText(Path.Combine(Path.GetDirectoryName(f)!, "kustomization.yaml")),
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task Overlay_ReplacesImageAndConfiguration_AndAdmitsOnlyRestrictedPods()
    {
        var below = await ResourceSet.RenderAsync("base");
        var overlay = await ResourceSet.RenderAsync("overlays/production");

        Assert.Matches("^[a-z.]+/minilb:[0-9.]+$", (string)overlay.Container["image"]!);
        Assert.NotEqual(below.Configuration, overlay.Configuration);
        Assert.Equal("restricted", (string?)overlay.Of("Namespace").Single()
            ["metadata"]!["labels"]!["pod-security.kubernetes.io/enforce"]);
    }

    // What a slip of the pen would make of them. The value null takes the field away.
    [Theory]
    [InlineData(Container + "livenesProbe", "{}", "V1Container has no such field")]
    [InlineData(Container + "ports.0.containerPort", "\"8080\"", "\"8080\" is no Int32")]
    [InlineData(Container + "ports.0.containerPort", "8081", "listens elsewhere than the container says")]
    [InlineData(Container + "ports.1.name", "\"adm\"", "Service/minilb-admin: no port")]
    [InlineData(Container + "image", null, "image: is missing")]
    [InlineData(Container + "readinessProbe.httpGet.port", "\"http\"", "readinessProbe: is not /readyz")]
    [InlineData(Container + "resources.limits.memory", "\"256mb\"", "is no ResourceQuantity")]
    [InlineData(Container + "resources.limits", null, "memory of the container is not bounded")]
    [InlineData(Container + "resources.requests", null, "requests no cpu")]
    [InlineData(Container + "readinessProbe.httpGet.path", "\"/ready\"", "readinessProbe: is not /readyz")]
    [InlineData(Container + "livenessProbe", null, "livenessProbe: is not /livez")]
    [InlineData(Container + "volumeMounts.0.subPath", "\"minilb.yaml\"", "never changes")]
    [InlineData(Container + "volumeMounts.0.name", "\"config\"", "a mount has no volume")]
    [InlineData(Container + "securityContext.readOnlyRootFilesystem", "false", "may write")]
    [InlineData(Container + "securityContext.allowPrivilegeEscalation", null, "may gain privileges")]
    [InlineData(Container + "securityContext.capabilities.add", """["SYS_ADMIN"]""", "has capabilities")]
    [InlineData(Container + "env.0.valueFrom", null, "does not come from a Secret")]
    [InlineData(Pod + "securityContext.runAsNonRoot", null, "may run as root")]
    [InlineData(Pod + "securityContext.seccompProfile", null, "any system call")]
    [InlineData(Pod + "hostNetwork", "true", "shares what is the node's")]
    [InlineData(Pod + "automountServiceAccountToken", null, "a key to the cluster")]
    [InlineData(Pod + "enableServiceLinks", null, "names of Services")]
    [InlineData(Pod + "serviceAccountName", "\"other\"", "no such ServiceAccount")]
    [InlineData(Pod + "volumes.0.configMap.name", "\"other\"", "no such ConfigMap")]
    [InlineData(Pod + "terminationGracePeriodSeconds", null, "killed while it drains")]
    [InlineData(Pod + "topologySpreadConstraints.0.labelSelector.matchLabels", "{}", "does not select the pods")]
    [InlineData("Deployment/minilb spec.replicas", "2", "would undo")]
    [InlineData("Deployment/minilb spec.selector", null, "selector: is missing")]
    [InlineData("Deployment/minilb apiVersion", "\"apps/v2\"", "no such kind")]
    [InlineData("Deployment/minilb metadata.namespace", "\"other\"", "several namespaces")]
    [InlineData("Service/minilb spec.selector", "{}", "Service/minilb: does not select the pods")]
    [InlineData("Service/minilb spec.ports.0.targetPort", "\"web\"", "Service/minilb: no port")]
    [InlineData("Service/minilb-admin spec.ports.0.name", "\"metrics\"", "ServiceMonitor: does not mean")]
    [InlineData("Service/minilb-admin metadata.name", "\"minilb\"", "is there 2 times")]
    [InlineData("PodDisruptionBudget/minilb spec.selector", null, "selector: is missing")]
    [InlineData("PodDisruptionBudget/minilb spec.selector.matchLabels", "{}", "PodDisruptionBudget: does not select")]
    [InlineData("NetworkPolicy/minilb spec.podSelector", "{}", "NetworkPolicy: does not select the pods")]
    [InlineData("NetworkPolicy/minilb spec.ingress.0.ports.0.port", "\"web\"", "NetworkPolicy: no port")]
    [InlineData("HorizontalPodAutoscaler/minilb spec.scaleTargetRef.name", "\"lb\"", "does not mean the Deployment")]
    [InlineData("HorizontalPodAutoscaler/minilb spec.minReplicas", "1", "one pod is none")]
    [InlineData("ServiceMonitor/minilb spec.endpoints.0.port", "\"http\"", "ServiceMonitor: does not mean")]
    [InlineData("ServiceMonitor/minilb spec.endpoint", "[]", "ServiceMonitor/spec")]
    [InlineData("ConfigMap/minilb data.minilb~yaml", "\"pools: {}\"", "minilb.yaml: ")]
    public async Task Slip_IsFound(string place, string? value, string problem)
    {
        var set = await ResourceSet.RenderAsync("overlays/production");

        Put(set, place, value is null ? null : JsonNode.Parse(value));

        Assert.Contains(Problems(set), p => p.Contains(problem, StringComparison.Ordinal));
    }

    // What is not even the right type is compared with nothing.
    private string[] Problems(ResourceSet set)
    {
        var misread = set.Resources.SelectMany(r => ResourceSet.Kind(r) == "ServiceMonitor"
            ? MonitorSchema.Problems(r) : _models.Problems(r)).ToArray();
        return misread.Length > 0 ? misread : [.. ResourceRules.Problems(set), .. PodRules.Problems(set)];
    }

    // KIND/NAME FIELD.FIELD, with a tilde for the dot in a name.
    private static void Put(ResourceSet set, string place, JsonNode? value)
    {
        var (resource, path) = (place.Split(' ')[0], place.Split(' ')[1].Split('.'));
        JsonNode node = set.Resources.Single(r => $"{ResourceSet.Kind(r)}/{ResourceSet.Name(r)}" == resource);
        foreach (var step in path[..^1])
        {
            node = (node is JsonArray list ? list[int.Parse(step, null)] : node[step.Replace('~', '.')])!;
        }

        var name = path[^1].Replace('~', '.');
        node.AsObject().Remove(name);
        if (value is not null)
        {
            node[name] = value;
        }
    }
}
