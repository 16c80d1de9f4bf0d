using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mono.Cecil;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Deploy.Kubernetes;

/// <summary>What Kubernetes knows: its kinds, their fields and the fields' types, as the models of its C# client have
/// them, which are made of its OpenAPI document. An unknown field is an error, as for the server.</summary>
/// <summary>What Kubernetes knows: its kinds, their fields and the types of these, as the models of its C# client have
internal sealed partial class ResourceModels : IDisposable
{
    private static readonly Dictionary<string, string[]> Required = new()
    {
        ["V1Container"] = ["name", "image", "resources", "securityContext"],
        ["V1ContainerPort"] = ["containerPort", "name"],
        ["V1Deployment"] = ["metadata", "spec"],
        ["V1DeploymentSpec"] = ["selector", "template"],
        ["V1EnvVar"] = ["name"],
        ["V1HTTPGetAction"] = ["port", "path"],
        ["V1LabelSelectorRequirement"] = ["key", "operator"],
        ["V1NetworkPolicySpec"] = ["podSelector", "policyTypes"],
        ["V1ObjectMeta"] = [],
        ["V1PodDisruptionBudgetSpec"] = ["selector"],
        ["V1PodSpec"] = ["containers"],
        ["V1PodTemplateSpec"] = ["metadata", "spec"],
        ["V1SecretKeySelector"] = ["name", "key"],
        ["V1ServicePort"] = ["port", "name", "targetPort"],
        ["V1ServiceSpec"] = ["ports", "selector"],
        ["V1TopologySpreadConstraint"] = ["maxSkew", "topologyKey", "whenUnsatisfiable", "labelSelector"],
        ["V1Volume"] = ["name"],
        ["V1VolumeMount"] = ["name", "mountPath"],
        ["V2CrossVersionObjectReference"] = ["apiVersion", "kind", "name"],
        ["V2HorizontalPodAutoscalerSpec"] = ["maxReplicas", "scaleTargetRef", "metrics"],
        ["V2MetricSpec"] = ["type"],
        ["V2MetricTarget"] = ["type"],
        ["V2ResourceMetricSource"] = ["name", "target"],
    };

    private readonly ModuleDefinition _module = ModuleDefinition.ReadModule(ProgramUnderTest.Metadata("Kubernetes"));

    public void Dispose() => _module.Dispose();

    /// <returns>What is wrong with a resource, each with its path.</returns>
    public IReadOnlyList<string> Problems(JsonObject resource)
    {
        var version = (string?)resource["apiVersion"] ?? "";
        var kind = (string?)resource["kind"] ?? "";
        var problems = new List<string>();
        if (_module.Types.FirstOrDefault(t => Is(t, version, kind)) is { } type)
        {
            CheckObject(resource, type, kind, problems);
        }
        else
        {
            problems.Add($"{version} {kind}: no such kind");
        }

        return problems;
    }

    private static bool Is(TypeDefinition type, string version, string kind)
    {
        var entity = type.CustomAttributes.FirstOrDefault(a => a.AttributeType.Name == "KubernetesEntityAttribute");
        string Value(string name) =>
            entity!.Properties.Where(p => p.Name == name).Select(p => (string)p.Argument.Value).FirstOrDefault() ?? "";
        return entity is not null && Value("Kind") == kind
            && (Value("Group") is "" ? "" : Value("Group") + "/") + Value("ApiVersion") == version;
    }

    private static void Check(JsonNode? node, TypeReference type, string path, List<string> problems)
    {
        switch (type.Name)
        {
            case "Nullable`1":
                Check(node, Argument(type, 0), path, problems);
                break;
            case "IList`1" when node is JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    Check(list[i], Argument(type, 0), $"{path}[{i}]", problems);
                }

                break;
            case "IDictionary`2" when node is JsonObject map:
                foreach (var (key, value) in map)
                {
                    Check(value, Argument(type, 1), $"{path}.{key}", problems);
                }

                break;
            case "Object":
                break;
            default:
                CheckPlain(node, type, path, problems);
                break;
        }
    }

    private static void CheckPlain(JsonNode? node, TypeReference type, string path, List<string> problems)
    {
        var kind = node?.GetValueKind() ?? JsonValueKind.Null;
        var isInteger = kind == JsonValueKind.Number && node is JsonValue number && number.TryGetValue<long>(out _);
        bool? fits = type.Name switch
        {
            "String" or "DateTime" => kind == JsonValueKind.String,
            "Boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            "Int32" or "Int64" => isInteger,
            "Double" => kind == JsonValueKind.Number,
            "IntOrString" => isInteger || kind == JsonValueKind.String,
            "ResourceQuantity" => node is not null && Quantity().IsMatch(node.ToString()),
            "IList`1" or "IDictionary`2" => false,
            _ => null,
        };
        if (fits is null && node is JsonObject map)
        {
            CheckObject(map, type.Resolve(), path, problems);
        }
        else if (fits is not true)
        {
            problems.Add($"{path}: {node?.ToJsonString() ?? "null"} is no {type.Name}");
        }
    }

    private static void CheckObject(JsonObject map, TypeDefinition type, string path, List<string> problems)
    {
        var fields = type.Properties
            .Select(p => (Name: JsonName(p), p.PropertyType))
            .Where(p => p.Name is not null).ToDictionary(p => p.Name!, p => p.PropertyType);
        foreach (var (key, value) in map)
        {
            if (fields.TryGetValue(key, out var field))
            {
                Check(value, field, $"{path}.{key}", problems);
            }
            else
            {
                problems.Add($"{path}.{key}: {type.Name} has no such field");
            }
        }

        problems.AddRange(Required.GetValueOrDefault(type.Name, []).Where(f => !map.ContainsKey(f))
            .Select(f => $"{path}.{f}: is missing"));
    }

    private static string? JsonName(PropertyDefinition property) => (string?)property.CustomAttributes
        .FirstOrDefault(a => a.AttributeType.Name == "JsonPropertyNameAttribute")?.ConstructorArguments[0].Value;

    private static TypeReference Argument(TypeReference type, int index) =>
        ((GenericInstanceType)type).GenericArguments[index];

    [GeneratedRegex(@"^\d+(\.\d+)?(m|[kMGTPE]|[KMGTPE]i)?$")]
    private static partial Regex Quantity();
}
