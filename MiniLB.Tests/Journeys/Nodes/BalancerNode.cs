using System.Diagnostics;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Peers;

namespace MiniLB.Tests.Journeys.Nodes;

/// <summary>One machine of the two: MiniLB and keepalived, with the configuration that is shipped, word for
/// word.</summary>
internal sealed class BalancerNode(NetworkNamespace network, string name, string[] settings) : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private RunningProgram? _keepalived;

    public string Name { get; } = name;

    public NetworkNamespace Network { get; } = network;

    public RunningProgram? Program { get; private set; }

    public string Log => $"{Name}: {Program?.Errors}\n{_keepalived?.Output}{_keepalived?.Errors}";

    /// <summary>How often keepalived has found MiniLB ready, and takes part since.</summary>
    public int TimesInPlace => Log.Split("Entering BACKUP STATE").Length - 1;

    public static string Shipped { get; } =
        Path.Combine(ProgramUnderTest.Metadata("SourceFolder"), "deploy/keepalived/keepalived.conf");

    /// <summary>Starts, or starts again, the balancer alone.</summary>
    public async Task BalanceAsync()
    {
        await (Program?.DisposeAsync() ?? ValueTask.CompletedTask);
        Program = RunningProgram.Start(Network.Inside(ProgramUnderTest.Command(
        [
            "--listen", ":8080", "--admin", "127.0.0.1:9901",
            "--set", $"headers.response.set.X-Node={Name}", .. settings,
        ])));
        await Program.WaitUntilServingAsync();
    }

    public void StartKeepalived() => _keepalived = RunningProgram.Start(Network.Inside(Shell(
        $"{TheProgramInItsPlace()}; exec keepalived --vrrp --dont-fork --log-console --log-detail --use-file={Shipped} "
        + $"--pid={_folder.File("main.pid")} --vrrp_pid={_folder.File("vrrp.pid")}")));

    /// <summary>Asks keepalived what it makes of the shipped configuration. Root runs the check in it, because
    /// --config-test of keepalived 2.2 ends itself by a signal where somebody else does.</summary>
    public Task<Tool> CheckAsync()
    {
        var text = File.ReadAllText(Shipped)
            .Replace("script_user nobody", "script_user root", StringComparison.Ordinal);
        var command = Network.Inside(Shell(
            $"{TheProgramInItsPlace()}; keepalived --config-test --use-file={_folder.Write("keepalived.conf", text)}"));
        return Tool.RunAsync(command.FileName, [.. command.ArgumentList]);
    }

    /// <summary>Whether it has the virtual address.</summary>
    public async Task<bool> HoldsAsync(string address) =>
        (await Network.IpAsync("addr", "show", "dev", "eth0")).Contains($" {address}/", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await Network.KillAllAsync();
        await (Program?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_keepalived?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Network.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Makes /usr/local/bin/minilb the program under test, for this command alone: ip netns exec gives each
    /// its own mounts. The check runs as nobody, who may not look into the folder of the tests.</summary>
    private static string TheProgramInItsPlace()
    {
        var command = ProgramUnderTest.Command([]);
        var program = command.ArgumentList.FirstOrDefault() ?? command.FileName;
        const string Place = "/usr/local/bin";
        var run = command.ArgumentList.Count == 0 ? "exec" : "exec /usr/bin/env dotnet";
        return $"""
            set -e
            mount -t tmpfs -o mode=755 tmpfs {Place}
            mkdir {Place}/program
            mount --bind '{Path.GetDirectoryName(program)}' {Place}/program
            printf '#!/bin/sh\n{run} {Place}/program/{Path.GetFileName(program)} "$@"\n' > {Place}/minilb
            chmod 755 {Place}/minilb
            true
            """;
    }

    private static ProcessStartInfo Shell(string script) => Tool.Command("sh", "-c", script);
}
