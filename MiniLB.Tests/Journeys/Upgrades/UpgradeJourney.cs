using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Peers;
using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys.Upgrades;

/// <summary>A process replaces itself by a new one: nobody notices, and where the new one does not come up, nothing has
/// happened.</summary>
public sealed class UpgradeJourney(ITestOutputHelper output)
{
    [Fact]
    public async Task ManyUpgrades_UnderLoad_NoRequestFails()
    {
        // The built project takes a second to start.
        var upgrades = ProcessFigures.IsNative ? 50 : 8;
        await using var rig = await UpgradeRig.StartAsync();
        await using var load = new PlainLoad(rig.Program.Url, kept: 64, single: 8);
        await load.GoesOnAsync(500);

        for (var i = 0; i < upgrades; i++)
        {
            await rig.UpgradeAsync();
            await load.GoesOnAsync(200);
        }

        await load.EndAsync();
        Figures.Say(output, string.Create(CultureInfo.InvariantCulture,
            $"{upgrades} upgrades under 64 busy connections and 8 clients with one for each request: "
            + $"{load.Good} requests over {load.Connections} connections, {load.Failures.Count} failed"));
        Assert.Empty(load.Failures);
        await Eventually.True(
            () => ProcessSession.Of(rig.Program.Id) is [var last] && last == rig.Process, "the others have ended",
            () => string.Join(", ", ProcessSession.Of(rig.Program.Id)));
        rig.Program.SaysNothingOfExceptions();
    }

    [Fact]
    public async Task Upgrade_StartsTheSameAgainAndServesOperatorsToo()
    {
        await using var rig = await UpgradeRig.StartAsync();
        var first = rig.Process;
        var line = CommandLine(first);

        await using var command = await RunningProgram.RunAsync("upgrade", "--admin", "unix:" + rig.AdminSocket);

        Assert.Equal((0, ""), (command.ExitCode, command.Errors));
        Assert.EndsWith($"process {first} finishes what it has{Environment.NewLine}", command.Output,
            StringComparison.Ordinal);
        await Eventually.True(() => ProcessSession.Of(first) is [var id] && id != first, "the old one has ended");
        var second = ProcessSession.Of(first).Single();
        Assert.EndsWith(line[0], CommandLine(second)[0], StringComparison.Ordinal); // by now with its folder
        Assert.Equal(line[1..], CommandLine(second)[1..]);
        Assert.Contains("UPGRADE_TEST=a value\0", Environ(second), StringComparison.Ordinal);
        await using var ready = await RunningProgram.RunAsync("status", "--admin", "unix:" + rig.AdminSocket);
        Assert.Equal((0, ""), (ready.ExitCode, ready.Errors));
        using var client = new HttpClient();
        Assert.Equal("hello", await client.GetStringAsync(rig.Program.Url));
    }

    [Fact]
    public async Task Usr2_DoesTheSame()
    {
        await using var rig = await UpgradeRig.StartAsync();
        var first = rig.Process;

        rig.Program.Signal("USR2");

        await Eventually.True(() => ProcessSession.Of(first) is [var id] && id != first, "another process",
            () => rig.Program.Errors);
        using var client = new HttpClient();
        Assert.Equal("hello", await client.GetStringAsync(rig.Program.Url));
        Assert.True(File.Exists(rig.AdminSocket), "the admin socket is gone");
    }

    [Fact]
    public async Task NewProcessThatDoesNotComeUp_ChangesNothing()
    {
        await using var rig = await UpgradeRig.StartAsync();
        await using var load = new PlainLoad(rig.Program.Url, kept: 4, single: 4);
        var good = await File.ReadAllTextAsync(rig.Config);
        await File.WriteAllTextAsync(rig.Config, "poools: {}\n");

        await using var command = await RunningProgram.RunAsync("upgrade", "--admin", "unix:" + rig.AdminSocket);

        Assert.Equal(1, command.ExitCode);
        Assert.Contains("the new process ended with exit code 2", command.Errors, StringComparison.Ordinal);
        await rig.Program.SaysAsync("minilb.yaml:1:1 poools");
        Assert.Equal([rig.Process], ProcessSession.Of(rig.Process));
        await load.GoesOnAsync(200);
        await File.WriteAllTextAsync(rig.Config, good);
        await rig.UpgradeAsync(); // and it can be tried again
        await load.GoesOnAsync(200);
        await load.EndAsync();
        Assert.Empty(load.Failures);
    }

    [Fact]
    public async Task NewProcessWhoseAddressIsTaken_ChangesNothing()
    {
        await using var rig = await UpgradeRig.StartAsync();
        var good = await File.ReadAllTextAsync(rig.Config);
        using var other = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        other.Start();
        // Read by the new process before this one has obeyed it, which it does not either.
        await File.WriteAllTextAsync(rig.Config, good.Replace(
            "listeners: [", $"listeners: [{{ address: \"{other.LocalEndpoint}\" }}, ", StringComparison.Ordinal));

        using var response = await rig.PostUpgradeAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("exit code 3", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var client = new HttpClient();
        Assert.Equal("hello", await client.GetStringAsync(rig.Program.Url));
        Assert.True(File.Exists(rig.AdminSocket), "the admin socket is gone");
        await File.WriteAllTextAsync(rig.Config, good);
        await rig.UpgradeAsync();
    }

    [Fact]
    public async Task WhatIsOpen_GoesOnInTheOldProcess()
    {
        await using var rig = await UpgradeRig.StartAsync(await WebSocketEcho.StartAsync());
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(rig.Program.Url) { Scheme = "ws" }.Uri, CancellationToken.None);
        Assert.Equal("before", await WebSocketEcho.AskAsync(socket, "before"));

        await rig.UpgradeAsync();
        await rig.UpgradeAsync();

        Assert.Equal("after", await WebSocketEcho.AskAsync(socket, "after"));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await Eventually.True(
            () => ProcessSession.Of(rig.Program.Id) is [var last] && last == rig.Process, "the others have ended");
    }

    // A process that leaves a socket that others have must not leave SO_LINGER on it.
    [Fact]
    public async Task ClientThatReadsLate_GetsItsWholeAnswerFromTheNextProcess()
    {
        const int Length = 256 * 1024;
        await using var rig = await UpgradeRig.StartAsync(await TestBackend.StartAsync(c =>
        {
            c.Response.ContentLength = Length;
            return c.Response.Body.WriteAsync(new byte[Length]).AsTask();
        }));
        await rig.UpgradeAsync();
        await using var client = await RawConnection.OpenAsync(rig.Program.Url);
        client.Socket.ReceiveBufferSize = 16 * 1024;

        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        var head = await client.ReadHeadAsync();
        // The answer is the kernel's by now, and the connection closed.
        await Eventually.True(() => File.ReadAllText(rig.AccessLog).Contains("done", StringComparison.Ordinal), "its end");

        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.Equal(Length, (await client.ReadToEndAsync()).Length);
    }

    [Fact]
    public async Task Process1_IsNotReplaced()
    {
        using var folder = new TemporaryFolder();
        var start = ProgramUnderTest.Command([
            "--listen", "127.0.0.1:0", "--admin", "unix:" + folder.File("admin.sock"),
            "--backend", "http://127.0.0.1:1"]);
        foreach (var (i, word) in new[] { "--pid", "--fork", "--kill-child", "--mount-proc", start.FileName }.Index())
        {
            start.ArgumentList.Insert(i, word);
        }

        start.FileName = "unshare";
        await using var program = RunningProgram.Start(start);
        await program.WaitUntilServingAsync();

        await using var command = await RunningProgram.RunAsync(
            "upgrade", "--admin", "unix:" + folder.File("admin.sock"));

        Assert.Equal(1, command.ExitCode);
        Assert.Contains("process 1 of its container", command.Errors, StringComparison.Ordinal);
        Assert.Contains("replace the container", command.Errors, StringComparison.Ordinal);
        using var client = new HttpClient();
        using var response = await client.GetAsync(program.Url);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    private static string[] CommandLine(int process) => Read(process, "cmdline").Split('\0');

    private static string Environ(int process) => Read(process, "environ");

    private static string Read(int process, string file) =>
        Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{process}/{file}"));
}
