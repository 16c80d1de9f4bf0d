using System.Net;
using System.Text.Json.Nodes;
using MiniLB.Config;
using MiniLB.Tests.Deploy.Kubernetes;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Deploy;

/// <summary>compose.yaml and the configuration beside it mean the same services and ports. .ci/run starts it.</summary>
public sealed class ComposeTests
{
    // Those of the Compose Specification that we use; a service with any other is a slip.
    private static readonly HashSet<string> Known =
    [
        "build", "image", "ports", "volumes", "depends_on", "restart", "read_only", "cap_drop", "security_opt",
        "stop_grace_period", "hostname", "environment", "<<",
    ];

    private static readonly string Folder = Path.Combine(ProgramUnderTest.Metadata("SourceFolder"), "deploy/compose");
    private static readonly JsonObject Compose =
        YamlNodes.Documents(File.ReadAllText(Path.Combine(Folder, "compose.yaml"))).Single();

    private static JsonObject Services => Compose["services"]!.AsObject();

    [Fact]
    public void Services_HaveKnownKeysOnly()
    {
        Assert.Equal(["name", "services"], Compose.Select(c => c.Key));
        Assert.All(Services, s => Assert.Superset(s.Value!.AsObject().Select(k => k.Key).ToHashSet(), Known));
    }

    [Fact]
    public void Configuration_IsSound_AndMeansTheServices()
    {
        var errors = new ConfigErrors();
        var balancer = Services["minilb"]!;
        var source = balancer["volumes"]![0]!.ToString().Split(':')[0];

        var options = ConfigLoader.Load(
            new ConfigSources { File = Path.Combine(Folder, source, "minilb.yaml") }, errors);

        Assert.Empty(errors.Errors.Concat(errors.Warnings));
        Assert.Equal(
            Services.Select(s => s.Key).Where(s => s != "minilb"),
            options.Pools.Single().Backends.Select(b => new Uri(b.Url).Host));
        Assert.Equal(balancer["depends_on"]!.AsArray().Select(s => s!.ToString()),
            Services.Select(s => s.Key).Where(s => s != "minilb"));
        Assert.Equal(
            balancer["ports"]![0]!.ToString().Split(':')[1],
            $"{((IPEndPoint)options.Listeners.Single().Address.EndPoint).Port}");
        Assert.Equal("40s", (string?)balancer["stop_grace_period"]);
        Assert.True(options.Shutdown.Delay + options.Shutdown.Grace < TimeSpan.FromSeconds(40));
        Assert.True(File.Exists(Path.Combine(Folder, (string)balancer["build"]!, "Dockerfile")));
    }
}
