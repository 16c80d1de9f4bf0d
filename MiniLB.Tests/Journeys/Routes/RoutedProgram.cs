using System.Text.RegularExpressions;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Routes;

/// <summary>A balancer with routes, in front of one backend for each of the pools a, b and c, which says its name and
/// the request line that it has received.</summary>
internal sealed partial class RoutedProgram : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, RawBackend> _backends = [];

    public RunningProgram Program { get; private set; } = null!;

    /// <param name="routes">The items of the list.</param>
    /// <param name="urls">Backends of the test's own, in place of those that say their name.</param>
    public static async Task<RoutedProgram> StartAsync(
        string routes, params (string Pool, string Url, string Options)[] urls)
    {
        var routed = new RoutedProgram();
        try
        {
            var pools = string.Join(", ", ((string[])["a", "b", "c"]).Select(name =>
                Array.Find(urls, u => u.Pool == name) is { Pool: not null } own
                    ? $$"""
                    "{{name}}": {"backends": ["{{own.Url}}"], {{own.Options}} }
                    """
                    : $$"""
                    "{{name}}": {"backends": ["{{routed.Backend(name).Url}}"]}
                    """));
            var file = routed._folder.Write(
                "minilb.json", $$"""{"pools": { {{pools}} }, "routes": [{{routes}}]}""");
            routed.Program = await RunningProgram.BalanceAsync("--config", file);
            return routed;
        }
        catch
        {
            await routed.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a pool's backend has received.</summary>
    public IReadOnlyCollection<string> HeadsOf(string pool) => _backends[pool].Heads;

    /// <summary>A request on a connection of its own.</summary>
    /// <param name="request">Method and target.</param>
    /// <param name="lines">Header lines; a Host line comes where none of them is one.</param>
    /// <returns>The status, and the body or the type of a problem.</returns>
    public async Task<string> AskAsync(string request, params string[] lines)
    {
        var (head, body) = await RespondAsync(request, lines);
        return $"{head.Split(' ')[1]} {(ProblemType().Match(body) is { Success: true } m ? m.Groups[1].Value : body)}";
    }

    /// <summary>As <see cref="AskAsync"/>, whole.</summary>
    public async Task<(string Head, string Body)> RespondAsync(string request, params string[] lines)
    {
        await using var client = await RawConnection.OpenAsync(Program.Url);
        string[] all = lines.Any(l => l.StartsWith("Host:", StringComparison.Ordinal)) ? lines : ["Host: h", .. lines];
        await client.SendAsync($"{request} HTTP/1.1\r\n{string.Join("\r\n", all)}\r\n\r\n");
        return await client.ReadResponseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Program is not null)
        {
            await Program.DisposeAsync();
        }

        foreach (var backend in _backends.Values)
        {
            await backend.DisposeAsync();
        }

        _folder.Dispose();
    }

    private RawBackend Backend(string name) => _backends[name] = new RawBackend((connection, head) =>
    {
        var text = $"{name} {head.Split(" HTTP/1.1\r\n")[0]}";
        return connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {text.Length}\r\n\r\n{text}");
    });

    [GeneratedRegex("urn:minilb:problem:([a-z-]+)")]
    private static partial Regex ProblemType();
}
