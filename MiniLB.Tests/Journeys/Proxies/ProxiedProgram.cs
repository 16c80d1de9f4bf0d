using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Proxies;

/// <summary>A balancer whose clients come through a proxy that speaks the PROXY protocol.</summary>
internal static class ProxiedProgram
{
    /// <param name="trusted">The proxies that are trusted.</param>
    /// <param name="arguments">Further arguments.</param>
    public static Task<RunningProgram> StartAsync(string trusted, params string[] arguments) => ListenAsync([
        "--set", "listeners.0.proxyProtocol=required", "--set", $"trustedProxies.0={trusted}",
        "--set", "pools.default.healthCheck.interval=1h", "--set", "log.level=debug", .. arguments]);

    /// <summary>Starts one whose first listener can be given other keys: the flag for its address would replace
    /// all.</summary>
    public static async Task<RunningProgram> ListenAsync(params string[] arguments)
    {
        var program = RunningProgram.Start(
            ["--set", "listeners.0.address=127.0.0.1:0", "--admin", "127.0.0.1:0", .. arguments]);
        await program.WaitUntilServingAsync();
        return program;
    }

    public static string Field(string head, string name) => Assert.Single(
        head.Split("\r\n"), l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))[(name.Length + 1)..]
        .Trim();

    /// <summary>Waits for the line that says why a connection was closed.</summary>
    public static Task RefusedAsync(RunningProgram program, string peer) => program.SaysAsync($"closed {peer}: ");
}
