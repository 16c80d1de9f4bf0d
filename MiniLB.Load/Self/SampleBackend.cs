using System.Globalization;
using System.Text.RegularExpressions;

namespace MiniLB.Load.Self;

/// <summary>One sample backend in a process of its own, so that it can be killed. It keeps its port over
/// restarts.</summary>
internal sealed partial class SampleBackend(string name, IReadOnlyList<string> behaviour) : IAsyncDisposable
{
    private ChildProcess? _process;

    public string Name => name;

    public int Port { get; private set; }

    /// <summary>As the balancer's commands name it.</summary>
    public string Address => $"127.0.0.1:{Port}";

    public async Task StartAsync()
    {
        _process = ChildProcess.Start(
            typeof(SampleBackend).Assembly.Location,
            [SampleBackendCommand.Name, "--name", name, "--port", $"{Port}", .. behaviour]);
        var match = await _process.SaysAsync(Listening());
        Port = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    public Task KillAsync() => _process!.KillAsync();

    public Task StopAsync() => _process!.StopAsync();

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

    [GeneratedRegex(@"listens on 127\.0\.0\.1:(\d+)\s")]
    private static partial Regex Listening();
}
