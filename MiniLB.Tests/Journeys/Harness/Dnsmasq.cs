using System.Diagnostics;
using System.Net;
using MiniLB.BackgroundLoops.Discovery;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>A real DNS server on a loopback address of its own, whose answers a test changes, and a program that asks
/// nobody else.</summary>
/// <remarks>/etc/resolv.conf names no port, so that the server has port 53, and the program a mount namespace in which
/// that file is another: root is needed for both.</remarks>
internal sealed class Dnsmasq : IAsyncDisposable
{
    private static int _last = Random.Shared.Next(60_000);

    private readonly TemporaryFolder _folder = new();
    private readonly IPAddress _address;
    private Process? _process;
    private string _settings = "";

    private Dnsmasq()
    {
        var number = Interlocked.Increment(ref _last);
        _address = IPAddress.Parse($"127.53.{number >> 8 & 255}.{1 + (number % 250)}");
        _folder.Write("resolv.conf", $"nameserver {_address}\noptions timeout:1\n");
        _folder.Write("hosts", "");
    }

    public static Task<Dnsmasq> StartAsync(params string[] addresses) => StartAsync(true, addresses);

    /// <summary>One that nobody has started yet.</summary>
    public static Task<Dnsmasq> AwayAsync() => StartAsync(false);

    public IPAddress Address => _address;

    /// <summary>api.internal has these addresses from now on.</summary>
    public void Answer(params string[] addresses) =>
        Hosts([.. addresses.Select(a => $"{a} api.internal")]);

    /// <param name="lines">As in /etc/hosts.</param>
    public void Hosts(params string[] lines)
    {
        _folder.Write("hosts.new", string.Join('\n', lines) + "\n");
        File.Move(_folder.File("hosts.new"), _folder.File("hosts"), overwrite: true);
        if (_process is not null)
        {
            using var kill = Process.Start("/bin/sh", ["-c", $"kill -HUP {_process.Id}"]);
            kill.WaitForExit();
        }
    }

    /// <summary>Ends it and starts it again with other settings: those that it reads once.</summary>
    public async Task RestartAsync(string settings)
    {
        Kill();
        _settings = settings;
        await StartAgainAsync();
    }

    public void Kill()
    {
        _process!.End();
        _process = null;
    }

    public async Task StartAgainAsync()
    {
        // A name that it does not know does not exist; it asks nobody.
        var file = _folder.Write("dnsmasq.conf", $"""
            no-hosts
            no-resolv
            bind-interfaces
            listen-address={_address}
            addn-hosts={_folder.File("hosts")}
            local=/internal/
            local-ttl=0
            user=root
            pid-file=
            {_settings}
            """);
        _process = Process.Start(new ProcessStartInfo("dnsmasq", ["--keep-in-foreground", $"--conf-file={file}"])
        {
            RedirectStandardError = true,
        })!;
        using var client = new DnsClient(
            () => new ResolverSettings { Servers = [new IPEndPoint(_address, 53)] }, TimeProvider.System);
        await Eventually.True(
            async () => _process.HasExited
                || !(await client.AskAsync("none.internal", DnsType.A, CancellationToken.None)).IsFailure, "dnsmasq");
        Assert.False(_process.HasExited, _process.HasExited ? await _process.StandardError.ReadToEndAsync() : "");
    }

    /// <summary>Starts the program so that it asks this server.</summary>
    public RunningProgram Start(params string[] arguments)
    {
        var command = ProgramUnderTest.Command(arguments);
        string[] words = [command.FileName, .. command.ArgumentList];
        command.FileName = "unshare";
        command.ArgumentList.Clear();
        foreach (var word in (string[])[
            "--mount", "sh", "-c", "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"",
            _folder.File("resolv.conf"), .. words])
        {
            command.ArgumentList.Add(word);
        }

        return RunningProgram.Start(command);
    }

    /// <summary>Starts a balancer on ports that the system chooses and waits until it serves.</summary>
    public async Task<RunningProgram> BalanceAsync(params string[] arguments)
    {
        var program = Start(["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", .. arguments]);
        await program.WaitUntilServingAsync();
        return program;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            Kill();
        }

        _folder.Dispose();
    }

    private static async Task<Dnsmasq> StartAsync(bool isStarted, params string[] addresses)
    {
        var server = new Dnsmasq();
        server.Answer(addresses);
        if (isStarted)
        {
            await server.StartAgainAsync();
        }

        return server;
    }
}
