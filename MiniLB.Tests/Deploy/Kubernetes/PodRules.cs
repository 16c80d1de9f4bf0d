using System.Net;
using System.Text.Json.Nodes;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Deploy.Kubernetes;

/// <summary>What a pod may do, and what it must agree on with the configuration that it is given.</summary>
internal static class PodRules
{
    public static IEnumerable<string> Problems(ResourceSet set) =>
        [.. Restricted(set), .. Credentials(set), .. Bounded(set), .. Probes(set), .. Agreement(set)];

    /// <summary>The level "restricted" of the Pod Security Standards, and more.</summary>
    private static IEnumerable<string> Restricted(ResourceSet set)
    {
        var (pod, container) = (set.Pod["spec"]!, set.Container["securityContext"] ?? new JsonObject());
        var ofPod = pod["securityContext"] ?? new JsonObject();
        if ((bool?)ofPod["runAsNonRoot"] != true || (int?)ofPod["runAsUser"] is null or 0)
        {
            yield return "the pod may run as root";
        }

        if ((string?)ofPod["seccompProfile"]?["type"] != "RuntimeDefault")
        {
            yield return "the pod may make any system call";
        }

        if ((bool?)container["allowPrivilegeEscalation"] != false || (bool?)container["privileged"] == true)
        {
            yield return "the container may gain privileges";
        }

        if ((bool?)container["readOnlyRootFilesystem"] != true)
        {
            yield return "the container may write";
        }

        if (container["capabilities"]?.ToJsonString() != """{"drop":["ALL"]}""")
        {
            yield return "the container has capabilities";
        }

        if (new[] { "hostNetwork", "hostPID", "hostIPC" }.Any(k => pod[k] is not null)
            || container["runAsUser"] is not null || container["runAsNonRoot"] is not null)
        {
            yield return "the pod shares what is the node's, or the container differs from the pod";
        }
    }

    private static IEnumerable<string> Credentials(ResourceSet set)
    {
        if ((bool?)set.Pod["spec"]!["automountServiceAccountToken"] != false
            || set.Of("ServiceAccount").Any(a => (bool?)a["automountServiceAccountToken"] != false))
        {
            yield return "the pod is given a key to the cluster";
        }

        if ((bool?)set.Pod["spec"]!["enableServiceLinks"] != false)
        {
            yield return "names of Services become variables";
        }

        var token = set.Container["env"]?.AsArray().SingleOrDefault(e => (string?)e!["name"] == "MINILB_ADMIN__TOKEN");
        if (token?["valueFrom"]?["secretKeyRef"] is null)
        {
            yield return "the admin token does not come from a Secret";
        }
    }

    private static IEnumerable<string> Bounded(ResourceSet set)
    {
        var resources = set.Container["resources"]!;
        if (resources["limits"]?["memory"] is null || resources["requests"]?["memory"] is null)
        {
            yield return "the memory of the container is not bounded";
        }
    }

    private static IEnumerable<string> Probes(ResourceSet set)
    {
        foreach (var (name, path) in new[]
        {
            ("startupProbe", "/readyz"), ("readinessProbe", "/readyz"), ("livenessProbe", "/livez"),
        })
        {
            var get = set.Container[name]?["httpGet"];
            if ((string?)get?["path"] != path || (string?)get["port"] != "admin")
            {
                yield return $"{name}: is not {path} of the admin address";
            }
        }
    }

    private static IEnumerable<string> Agreement(ResourceSet set)
    {
        var errors = new ConfigErrors();
        if (Load(set, errors) is not { } options)
        {
            return errors.Errors.Select(e => $"minilb.yaml: {e}");
        }

        var problems = new List<string>();
        if (PortOf(options.Listeners[0].Address) != set.PortNamed("http")
            || PortOf(options.Admin.Address) != set.PortNamed("admin"))
        {
            problems.Add("minilb.yaml: listens elsewhere than the container says");
        }

        if (options.Admin.Address!.IsLocal)
        {
            problems.Add("minilb.yaml: the kubelet cannot reach the admin address");
        }

        var grace = TimeSpan.FromSeconds((int?)set.Pod["spec"]!["terminationGracePeriodSeconds"] ?? 30);
        if (options.Shutdown.Delay + options.Shutdown.Grace + TimeSpan.FromSeconds(5) > grace)
        {
            problems.Add("terminationGracePeriodSeconds: the pod is killed while it drains");
        }

        if (options.Shutdown.Delay == TimeSpan.Zero && set.Container["lifecycle"]?["preStop"] is null)
        {
            problems.Add("minilb.yaml: requests come in while the cluster has not heard of the stop");
        }

        return problems;
    }

    private static BalancerOptions? Load(ResourceSet set, ConfigErrors errors)
    {
        using var folder = new TemporaryFolder();
        var options = ConfigLoader.Load(
            new ConfigSources
            {
                File = folder.Write("minilb.yaml", set.Configuration),
                Environment = new Dictionary<string, string> { ["MINILB_ADMIN__TOKEN"] = new('0', 64) },
            },
            errors);
        return errors.Errors.Count > 0 || errors.Warnings.Count > 0 ? null : options;
    }

    private static int? PortOf(ListenAddress? address) => (address?.EndPoint as IPEndPoint)?.Port;
}
