using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>What a trace collector does: takes spans in OTLP over HTTP as JSON.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<JsonElement> _spans = [];
    private readonly ConcurrentQueue<int> _batches = [];
    private TestBackend _server = null!;

    /// <summary>What is answered; only what is answered with 200 is taken.</summary>
    public int Answer { get; set; } = 200;

    public string Url => _server.Url;

    public TestBackend Server => _server;

    public IReadOnlyList<JsonElement> Spans => [.. _spans];

    /// <summary>How many spans came with each request.</summary>
    public IReadOnlyList<int> Batches => [.. _batches];

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        collector._server = await TestBackend.StartAsync(collector.TakeAsync);
        return collector;
    }

    /// <summary>An attribute's value; null where there is none.</summary>
    public static string? Attribute(JsonElement span, string key) => span.GetProperty("attributes").EnumerateArray()
        .Where(a => a.GetProperty("key").GetString() == key)
        .Select(a => a.GetProperty("value").EnumerateObject().Single().Value)
        .Select(v => v.ValueKind == JsonValueKind.String
            ? v.GetString()
            : string.Join(", ", v.GetProperty("values").EnumerateArray()
                .Select(item => item.GetProperty("stringValue").GetString())))
        .SingleOrDefault();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var document = await JsonDocument.ParseAsync(context.Request.Body);
        context.Response.StatusCode = (context.Request.Method, context.Request.Path.Value, context.Request.ContentType)
            == ("POST", "/v1/traces", "application/json") ? Answer : 400;
        if (context.Response.StatusCode == 200)
        {
            var spans = document.RootElement.GetProperty("resourceSpans")[0].GetProperty("scopeSpans")[0]
                .GetProperty("spans").Clone();
            _batches.Enqueue(spans.GetArrayLength());
            foreach (var span in spans.EnumerateArray())
            {
                _spans.Enqueue(span);
            }
        }
    }
}
