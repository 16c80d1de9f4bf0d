using System.Net;
using System.Text.RegularExpressions;
using MiniLB.Tests.Deploy.Kubernetes;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Kubernetes;

/// <summary>The program with the configuration of deploy/kubernetes does what the Deployment counts on. Only the
/// addresses are others.</summary>
public sealed partial class PodJourney : IDisposable
{
    private static readonly Dictionary<string, string> Secret = new() { ["MINILB_ADMIN__TOKEN"] = new('0', 64) };

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("base")]
    [InlineData("overlays/production")]
    public async Task Probes_AreAnswered_AndNothingElseIsWithoutTheToken(string folder)
    {
        var set = await ResourceSet.RenderAsync(folder);
        await using var backend = await TestBackend.StartAsync("hello");
        await using var pod = await StartAsync(set, backend);

        foreach (var probe in (string[])["startupProbe", "readinessProbe", "livenessProbe"])
        {
            var path = (string)set.Container[probe]!["httpGet"]!["path"]!;
            Assert.Equal(HttpStatusCode.OK, await AskAsync(pod, path));
        }

        foreach (var monitor in set.Of("ServiceMonitor"))
        {
            var path = (string)monitor["spec"]!["endpoints"]![0]!["path"]!;
            Assert.Equal(HttpStatusCode.OK, await AskAsync(pod, path));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(pod, "/backends"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(pod, "/config"));
        Assert.Equal("hello", await _client.GetStringAsync(pod.Url));
    }

    [Fact]
    public async Task Stop_IsSeenAtTheProbe_WhileRequestsAreServed_AndIsOverInTime()
    {
        var set = await ResourceSet.RenderAsync("base");
        await using var backend = await TestBackend.StartAsync("hello");
        await using var pod = await StartAsync(set, backend);

        pod.Signal("TERM");
        await Eventually.True(
            async () => await AskAsync(pod, "/readyz") == HttpStatusCode.ServiceUnavailable, "/readyz says 503",
            () => pod.Errors);
        Assert.Equal("hello", await _client.GetStringAsync(pod.Url));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(pod, "/livez"));

        Assert.Equal(0, await pod.WaitForEndAsync());
    }

    // On all addresses, as in a pod, where other Host names are served than on loopback.
    private async Task<RunningProgram> StartAsync(ResourceSet set, TestBackend backend)
    {
        var file = _folder.Write(
            "minilb.yaml", ServiceUrl().Replace(set.Configuration, $"http://localhost:{backend.Port}"));
        var pod = RunningProgram.Start(Secret, "--config", file, "--listen", "127.0.0.1:0", "--admin", "0.0.0.0:0");
        await pod.WaitUntilServingAsync();
        return pod;
    }

    // As the kubelet and Prometheus do: by the pod's address, which is the Host.
    private async Task<HttpStatusCode> AskAsync(RunningProgram pod, string path)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri($"http://127.0.0.1:{pod.AdminUrl.Port}{path}"));
        request.Headers.Host = "10.244.1.7:9901";
        using var response = await _client.SendAsync(request);
        return response.StatusCode;
    }

    [GeneratedRegex(@"http://[a-z.-]+:\d+")]
    private static partial Regex ServiceUrl();
}
