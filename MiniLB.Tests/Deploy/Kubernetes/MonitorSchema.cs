using System.Text.Json.Nodes;
using Json.Schema;

namespace MiniLB.Tests.Deploy.Kubernetes;

/// <summary>What we use of ServiceMonitor, a kind of the Prometheus Operator's and none of Kubernetes itself.</summary>
internal static class MonitorSchema
{
    private static readonly JsonSchema Schema = JsonSchema.FromText("""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "required": ["apiVersion", "kind", "metadata", "spec"],
          "additionalProperties": false,
          "properties": {
            "apiVersion": { "const": "monitoring.coreos.com/v1" },
            "kind": { "const": "ServiceMonitor" },
            "metadata": { "type": "object", "required": ["name"] },
            "spec": {
              "type": "object",
              "required": ["selector", "endpoints"],
              "additionalProperties": false,
              "properties": {
                "selector": {
                  "type": "object",
                  "required": ["matchLabels"],
                  "additionalProperties": false,
                  "properties": { "matchLabels": { "additionalProperties": { "type": "string" } } }
                },
                "endpoints": {
                  "type": "array",
                  "minItems": 1,
                  "items": {
                    "type": "object",
                    "required": ["port", "path"],
                    "additionalProperties": false,
                    "properties": {
                      "port": { "type": "string" },
                      "path": { "type": "string", "pattern": "^/" },
                      "interval": { "type": "string", "pattern": "^[0-9]+s$" }
                    }
                  }
                }
              }
            }
          }
        }
        """);

    public static IReadOnlyList<string> Problems(JsonObject monitor)
    {
        var found = Schema.Evaluate(monitor, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return [.. found.Details.Where(d => d.HasErrors)
            .Select(d => $"ServiceMonitor{d.InstanceLocation}: {string.Join(", ", d.Errors!.Values)}")];
    }
}
