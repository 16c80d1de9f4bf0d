using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Http2.Backends;

/// <summary>One program over one recording backend, for all rows of a class.</summary>
public sealed class BalancedBackend : IAsyncLifetime
{
    private static readonly HttpClient Client = new();
    private RunningProgram? _program;

    internal RecordingBackend Backend { get; } = new();

    internal RunningProgram Program => _program!;

    public async Task InitializeAsync() => _program = await RunningProgram.BalanceAsync("--backend", Backend.Url);

    public async Task DisposeAsync()
    {
        await Program.DisposeAsync();
        await Backend.DisposeAsync();
    }

    /// <summary>After this whatever the row set in motion has reached the backend, or never will.</summary>
    internal async Task FenceAsync()
    {
        Assert.False(Program.HasExited, Program.Errors);
        Assert.Equal("ok", await Client.GetStringAsync(new Uri(Program.Url, BackendAnswers.Fence)));
        await Eventually.True(
            () => Backend.Requests.All(r => r.Ended), "the end of all requests",
            () => string.Join('\n', Backend.Requests));
    }
}
