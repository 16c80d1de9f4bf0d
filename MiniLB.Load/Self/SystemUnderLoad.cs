using System.Text.RegularExpressions;

namespace MiniLB.Load.Self;

/// <summary>Sample backends and a balancer before them, each in a process of its own.</summary>
internal sealed partial class SystemUnderLoad : IAsyncDisposable
{
    private readonly string _program;
    private readonly SystemSettings _settings;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("minilb-load-");
    private ChildProcess? _balancer;

    private SystemUnderLoad(string program, SystemSettings settings)
    {
        (_program, _settings) = (program, settings);
        Backends = [.. Enumerable.Range(1, settings.Backends).Select(number => new SampleBackend(
            $"b{number}", SampleBackendCommand.Behaviour(
                settings.Delay + (number == 1 ? settings.FirstDelay : TimeSpan.Zero), settings.AtOnce)))];
    }

    public IReadOnlyList<SampleBackend> Backends { get; }

    private string ConfigFile => Path.Combine(_folder.FullName, "minilb.json");

    /// <summary>Where the balancer serves.</summary>
    public Uri Url { get; private set; } = new("http://unknown");

    /// <summary>Where it is commanded.</summary>
    public string Admin { get; private set; } = "";

    /// <param name="program">The balancer: a native file, or minilb.dll.</param>
    /// <param name="settings">How its backends behave.</param>
    /// <exception cref="InvalidOperationException">Something did not start; the message says what it said.</exception>
    public static async Task<SystemUnderLoad> StartAsync(string program, SystemSettings settings)
    {
        var system = new SystemUnderLoad(program, settings);
        try
        {
            await Task.WhenAll(system.Backends.Select(b => b.StartAsync()));
            await system.StartBalancerAsync();
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives the running balancer a command.</summary>
    public async Task CommandAsync(params string[] arguments)
    {
        await using var command = ChildProcess.Start(_program, [.. arguments, "--admin", Admin]);
        await command.EndAsync();
    }

    /// <summary>Has the running balancer obey another configuration.</summary>
    /// <param name="variant">Which one: the weights go round, the last backend comes and goes, a route changes.</param>
    public async Task ReconfigureAsync(int variant)
    {
        await File.WriteAllTextAsync(ConfigFile, SystemConfig.Write(Backends, _settings, variant));
        await CommandAsync("reload");
    }

    /// <summary>Waits until the balancer has every backend in rotation.</summary>
    public async Task AllAliveAsync(CancellationToken stop)
    {
        using var client = new HttpClient();
        while (!stop.IsCancellationRequested)
        {
            var health = await client.GetStringAsync(new Uri($"http://{Admin}/health"), CancellationToken.None);
            if (health.Contains("\"dead\":0", StringComparison.Ordinal))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_balancer is not null)
        {
            await _balancer.DisposeAsync();
        }

        foreach (var backend in Backends)
        {
            await backend.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private async Task StartBalancerAsync()
    {
        await File.WriteAllTextAsync(ConfigFile, SystemConfig.Write(Backends, _settings, variant: 0));
        _balancer = ChildProcess.Start(_program, ["--config", ConfigFile]);
        var match = await _balancer.SaysAsync(StartLine());
        Url = new Uri(match.Groups["client"].Value);
        Admin = new Uri(match.Groups["admin"].Value).Authority;
    }

    [GeneratedRegex(@"minilb \S+ listens on (?<client>[^,;\s]+).*; admin (?<admin>[^;\s]+); ")]
    private static partial Regex StartLine();
}
