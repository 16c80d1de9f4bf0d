using System.Text.Json;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>Which backends a running program has, as its admin address tells it.</summary>
internal sealed class DiscoveredBackends(RunningProgram program) : IDisposable
{
    private readonly HttpClient _client = new();

    /// <returns>Of the first pool, each as URL, weight and what else there is to say, sorted.</returns>
    public async Task<string[]> NowAsync()
    {
        using var document = JsonDocument.Parse(await _client.GetStringAsync(new Uri(program.AdminUrl, "/stats")));
        return
        [
            .. document.RootElement.GetProperty("pools")[0].GetProperty("backends").EnumerateArray().Select(b =>
                b.GetProperty("url").GetString() + " x" + b.GetProperty("weight").GetInt32()
                + (b.GetProperty("backup").GetBoolean() ? " backup" : "")
                + (b.GetProperty("state").GetString() is "up" ? "" : " " + b.GetProperty("state").GetString()))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Waits until these are all, and up.</summary>
    public Task AreAsync(params string[] backends)
    {
        string[] wanted = [.. backends.Select(b => b.Contains(" x", StringComparison.Ordinal) ? b : b + " x1")
            .Order(StringComparer.Ordinal)];
        string[] found = [];
        return Eventually.True(
            async () => (found = await NowAsync()).SequenceEqual(wanted), string.Join(", ", wanted),
            () => string.Join(", ", found) + "\n" + program.Errors);
    }

    /// <returns>The value of a metric of the only source.</returns>
    public async Task<double> MetricAsync(string name)
    {
        var line = (await _client.GetStringAsync(new Uri(program.AdminUrl, "/metrics"))).Split('\n')
            .Single(l => l.StartsWith(name + "{", StringComparison.Ordinal));
        return double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose() => _client.Dispose();
}
