using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>A real Prometheus that scrapes one address, on a port that the system chooses.</summary>
internal sealed partial class PrometheusServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private RunningProgram _process = null!;
    private Uri _url = null!;

    public string Log => _process.Errors;

    public static async Task<PrometheusServer> StartAsync(string target)
    {
        var server = new PrometheusServer();
        var config = server._folder.File("prometheus.yml");
        await File.WriteAllTextAsync(config, $"""
            global: {"{"} scrape_interval: 200ms, scrape_timeout: 200ms {"}"}
            scrape_configs:
              - job_name: minilb
                static_configs:
                  - targets: ["{target}"]
            """);
        server._process = RunningProgram.Start(new System.Diagnostics.ProcessStartInfo("prometheus",
        [
            $"--config.file={config}", $"--storage.tsdb.path={server._folder.File("data")}",
            "--web.listen-address=127.0.0.1:0",
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        await Eventually.True(
            () => server._process.HasExited || server.Port() is not null, "Prometheus listens", () => server.Log);
        server._url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{server.Port()}"));
        return server;
    }

    /// <returns>The value of the one series that the query gives; null where it gives none or several.</returns>
    public async Task<string?> AskAsync(string query)
    {
        using var answer = await _http.GetAsync(new Uri(_url, $"/api/v1/query?query={Uri.EscapeDataString(query)}"));
        if (!answer.IsSuccessStatusCode)
        {
            return null; // it listens a moment before it is ready
        }

        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var result = json.RootElement.GetProperty("data").GetProperty("result");
        return result.GetArrayLength() == 1 ? result[0].GetProperty("value")[1].GetString() : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private int? Port() => Said().Match(Log) is { Success: true } said
        ? int.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture)
        : null;

    [GeneratedRegex(@"TLS is disabled.*127\.0\.0\.1:([1-9]\d*)")]
    private static partial Regex Said();
}
