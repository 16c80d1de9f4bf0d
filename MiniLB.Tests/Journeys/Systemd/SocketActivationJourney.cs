using System.Diagnostics;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Systemd;

/// <summary>Sockets that systemd has opened are served, by a process that could not open them. It runs in a network of
/// its own, where every port is free.</summary>
public sealed class SocketActivationJourney : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificates _certificates = new();

    public void Dispose()
    {
        _folder.Dispose();
        _certificates.Dispose();
    }

    [Fact]
    public async Task PortsBelow1024AndTheAdminSocket_AreServed_WithoutAnyCapability()
    {
        var (certificate, key) = _certificates.Server("127.0.0.1");
        var admin = _folder.File("admin.sock");
        var file = Configuration(
            $$"""
            listeners:
              - address: ":80"
              - address: "127.0.0.1:443"
                tls: { certificates: [{ certificate: "{{certificate}}", key: "{{key}}" }] }
            admin: { address: "unix:{{admin}}" }
            """);
        await using var program = Activate(["-l", "80", "-l", "127.0.0.1:443", "-l", admin], file);
        await program.SaysAsync("Listening on");

        var url = "http://127.0.0.1/health";
        await Eventually.True(async () => (await AskAsync(program, url)).Contains("\"total\":1", Sign), "an answer");
        Assert.Contains("\"total\":1", await AskAsync(program, "http://[::1]/health"), Sign);
        Assert.Contains(
            "\"total\":1", await AskAsync(program, "--cacert", _certificates.Ca, "https://127.0.0.1/health"), Sign);
        Assert.Contains(
            "ready", await AskAsync(program, "--unix-socket", admin, "http://localhost/readyz"), Sign);
        var status = await File.ReadAllTextAsync($"/proc/{program.Id}/status");
        Assert.Equal(
            5, status.Split('\n').Count(l => l.StartsWith("Cap", Sign) && l.EndsWith("\t0000000000000000", Sign)));
        Assert.Equal(0, await program.StopAsync());
        Assert.True(File.Exists(admin), "the path is systemd's");
        program.SaysNothingOfExceptions();
    }

    [Fact]
    public async Task SocketThatNobodyWants_IsAnError()
    {
        var file = Configuration("listeners: [{ address: \":80\" }]\nadmin: { address: \"off\" }");
        await using var program = Activate(["-l", "80", "-l", "81"], file);
        await program.SaysAsync("Listening on");
        await AskAsync(program, "http://127.0.0.1:81/");

        Assert.Equal(2, await program.WaitForEndAsync());
        Assert.Contains(
            "minilb: systemd hands over [::]:81, where the configuration has neither a listener nor the admin address",
            program.Errors, Sign);
    }

    [Fact]
    public async Task DatagramSocket_IsAnError()
    {
        var file = Configuration("listeners: [{ address: \":80\" }]\nadmin: { address: \"off\" }");
        await using var program = Activate(["-d", "-l", "80"], file);
        await program.SaysAsync("Listening on");
        await InNetworkAsync(program, "bash", "-c", "echo hello > /dev/udp/127.0.0.1/80");

        Assert.Equal(2, await program.WaitForEndAsync());
        Assert.Contains(Refusal, program.Errors, Sign);
    }

    // One process for each connection is what Accept=yes in a socket unit means.
    [Fact]
    public async Task AcceptedConnection_IsAnError()
    {
        var file = Configuration("listeners: [{ address: \":80\" }]\nadmin: { address: \"off\" }");
        await using var program = Activate(["--accept", "-l", "80"], file);
        await program.SaysAsync("Listening on");
        await AskAsync(program, "http://127.0.0.1/");

        await program.SaysAsync(Refusal);
        await program.SaysAsync("died with code 2");
    }

    private const StringComparison Sign = StringComparison.Ordinal;

    private const string Refusal =
        "minilb: descriptor 3, which was handed over, is no listening stream socket; a systemd socket unit needs "
        + "ListenStream= and Accept=no";

    private string Configuration(string addresses) => _folder.Write(
        "minilb.yaml", addresses + "\npools: { web: { backends: [\"http://127.0.0.1:9001\"] } }\n");

    // Each program is executed by the one before it, so that all have one process id, which LISTEN_PID names.
    private static RunningProgram Activate(string[] sockets, string file)
    {
        var command = ProgramUnderTest.Command(["--config", file]);
        return Run([
            "unshare", "--user", "--map-root-user", "--net", "bash", "-euc", "ip link set lo up; exec \"$@\"", "bash",
            "systemd-socket-activate", .. sockets,
            "-E", "DOTNET_ROOT", "-E", "DOTNET_CLI_HOME", "-E", "HOME", "-E", "PATH",
            "setpriv", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all",
            command.FileName, .. command.ArgumentList,
        ]);
    }

    private static Task<string> AskAsync(RunningProgram program, params string[] arguments) =>
        InNetworkAsync(program, ["curl", "--silent", "--show-error", "--max-time", "30", .. arguments]);

    private static async Task<string> InNetworkAsync(RunningProgram program, params string[] command)
    {
        await using var tool = Run(
            ["nsenter", "--target", $"{program.Id}", "--user", "--net", "--preserve-credentials", .. command]);
        await tool.WaitForEndAsync();
        return tool.Output + tool.Errors;
    }

    private static RunningProgram Run(string[] command)
    {
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        return RunningProgram.Start(start);
    }
}
