using System.Text.Json.Nodes;

namespace MiniLB.Tests.Deploy.Kubernetes;

/// <summary>What the resources of one installation must agree on: names, labels and ports.</summary>
internal static class ResourceRules
{
    // Kinds that are in no namespace.
    private static readonly string[] Global = ["Namespace"];

    public static IEnumerable<string> Problems(ResourceSet set) =>
    [
        .. Names(set), .. Selectors(set), .. Ports(set), .. Scaling(set), .. Monitoring(set), .. References(set),
    ];

    private static IEnumerable<string> Names(ResourceSet set)
    {
        var twice = set.Resources.GroupBy(r => $"{ResourceSet.Kind(r)}/{ResourceSet.Name(r)}")
            .Where(g => g.Count() > 1).Select(g => $"{g.Key}: is there {g.Count()} times");
        var namespaces = set.Resources.Where(r => !Global.Contains(ResourceSet.Kind(r)))
            .Select(r => (string?)r["metadata"]!["namespace"]).Distinct().ToArray();
        return twice.Concat(namespaces.Length == 1 ? [] : ["the resources are in several namespaces"]);
    }

    private static IEnumerable<string> Selectors(ResourceSet set)
    {
        var spec = set.Deployment["spec"]!;
        var selectors = new List<(string Whose, JsonNode? Labels)>
        {
            ("Deployment", spec["selector"]?["matchLabels"]),
        };
        selectors.AddRange(set.Of("Service").Select(s => ($"Service/{ResourceSet.Name(s)}", s["spec"]!["selector"])));
        selectors.AddRange(set.Of("PodDisruptionBudget")
            .Select(b => ("PodDisruptionBudget", b["spec"]!["selector"]?["matchLabels"])));
        selectors.AddRange(set.Of("NetworkPolicy")
            .Select(p => ("NetworkPolicy", p["spec"]!["podSelector"]?["matchLabels"])));
        selectors.AddRange((set.Pod["spec"]!["topologySpreadConstraints"]?.AsArray() ?? [])
            .Select(c => ("topologySpreadConstraints", c!["labelSelector"]?["matchLabels"])));
        // An empty selector selects everything.
        return selectors.Where(s => !Selects(s.Labels, set.Pod["metadata"]?["labels"]))
            .Select(s => $"{s.Whose}: does not select the pods, or all pods there are");
    }

    private static IEnumerable<string> Ports(ResourceSet set)
    {
        foreach (var service in set.Of("Service"))
        {
            foreach (var port in service["spec"]!["ports"]!.AsArray())
            {
                if (set.PortNamed((string?)port!["targetPort"]) is null)
                {
                    yield return $"Service/{ResourceSet.Name(service)}: no port of the container is named so";
                }
            }
        }

        foreach (var rule in set.Of("NetworkPolicy").SelectMany(p => p["spec"]!["ingress"]!.AsArray()))
        {
            foreach (var port in rule!["ports"]!.AsArray())
            {
                if (set.PortNamed((string?)port!["port"]) is null)
                {
                    yield return "NetworkPolicy: no port of the container is named so";
                }
            }
        }
    }

    private static IEnumerable<string> Scaling(ResourceSet set)
    {
        var scaler = set.Of("HorizontalPodAutoscaler").Single()["spec"]!;
        var target = scaler["scaleTargetRef"]!;
        if ((string?)target["kind"] != "Deployment" || (string?)target["name"] != ResourceSet.Name(set.Deployment)
            || (string?)target["apiVersion"] != (string?)set.Deployment["apiVersion"])
        {
            yield return "HorizontalPodAutoscaler: does not mean the Deployment";
        }

        if (set.Deployment["spec"]!["replicas"] is not null)
        {
            yield return "Deployment: replicas would undo what the HorizontalPodAutoscaler does";
        }

        if ((int?)scaler["minReplicas"] is null or < 2 || (int?)scaler["maxReplicas"] < (int?)scaler["minReplicas"])
        {
            yield return "HorizontalPodAutoscaler: one pod is none while its node is emptied";
        }

        // A share of what is requested.
        foreach (var name in scaler["metrics"]!.AsArray().Select(m => (string)m!["resource"]!["name"]!))
        {
            if (set.Container["resources"]!["requests"]?[name] is null)
            {
                yield return $"HorizontalPodAutoscaler: the container requests no {name}";
            }
        }
    }

    private static IEnumerable<string> Monitoring(ResourceSet set)
    {
        foreach (var monitor in set.Of("ServiceMonitor"))
        {
            var services = set.Of("Service")
                .Where(s => Selects(monitor["spec"]!["selector"]!["matchLabels"], s["metadata"]!["labels"])).ToArray();
            var ports = monitor["spec"]!["endpoints"]!.AsArray().Select(e => (string?)e!["port"]);
            if (services is not [var service]
                || ports.Except(service["spec"]!["ports"]!.AsArray().Select(p => (string?)p!["name"])).Any())
            {
                yield return "ServiceMonitor: does not mean one Service and a port of it";
            }
        }
    }

    private static IEnumerable<string> References(ResourceSet set)
    {
        var pod = set.Pod["spec"]!;
        if (!set.Of("ServiceAccount").Any(a => ResourceSet.Name(a) == (string?)pod["serviceAccountName"]))
        {
            yield return "Deployment: there is no such ServiceAccount";
        }

        var volumes = pod["volumes"]!.AsArray();
        foreach (var volume in volumes)
        {
            if (!set.Of("ConfigMap").Any(m => ResourceSet.Name(m) == (string?)volume!["configMap"]?["name"]))
            {
                yield return "Deployment: there is no such ConfigMap";
            }
        }

        var mounts = set.Container["volumeMounts"]!.AsArray();
        if (mounts.Any(m => volumes.All(v => (string?)v!["name"] != (string?)m!["name"])))
        {
            yield return "Deployment: a mount has no volume";
        }

        if (mounts.Any(m => m!["subPath"] is not null))
        {
            yield return "Deployment: what is mounted by subPath never changes";
        }
    }

    private static bool Selects(JsonNode? selector, JsonNode? labels) =>
        selector is JsonObject { Count: > 0 } wanted
        && wanted.All(w => JsonNode.DeepEquals(labels?[w.Key], w.Value));
}
