using MiniLB.BackgroundLoops.Reload;
using MiniLB.RequestPath.Hooks;
using MiniLB.Tests.Config;
using MiniLB.Transport;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>A balancer inside the test's own process, with hooks that the program as it is built does not
/// have.</summary>
internal sealed class HostedBalancer : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly Balancer _balancer;
    private readonly Task _running;
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostedBalancer(string json, RequestHook[] hooks)
    {
        var options = Configured.Good(Configured.By(json));
        _balancer = new Balancer(options, hooks, ReloadSource.Fixed(options), InheritedSockets.None);
        _running = Task.Run(() => _balancer.RunAsync(
            _stop.Token, _stop.Token, b => _address.SetResult(b.ClientEndPoints.Single().ToString()!)));
    }

    public Uri Url { get; private set; } = new("http://unknown");

    /// <param name="backend">The URL of the only backend, which is not probed.</param>
    /// <param name="http">The version that it speaks: 1.1 or 2.</param>
    /// <param name="hooks">What runs around each request.</param>
    public static async Task<HostedBalancer> StartAsync(string backend, string http, params RequestHook[] hooks)
    {
        var balancer = new HostedBalancer($$"""
            {
              "listeners": [{"address": "127.0.0.1:0"}], "admin": {"address": "off"},
              "accessLog": {"format": "off"}, "log": {"level": "error"},
              "pools": {"default": {
                "backends": ["{{backend}}"], "http": "{{http}}",
                "healthCheck": {"enabled": false},
              } },
            }
            """, hooks);
        try
        {
            // Where it cannot start, it is the running that ends.
            await (await Task.WhenAny(balancer._running, balancer._address.Task).WaitAsync(Deadline));
            balancer.Url = new Uri("http://" + await balancer._address.Task.WaitAsync(Deadline));
            return balancer;
        }
        catch
        {
            await balancer.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running.WaitAsync(Deadline);
        }
        finally
        {
            await _balancer.DisposeAsync();
            _stop.Dispose();
        }
    }
}
