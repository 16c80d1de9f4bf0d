using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using MiniLB.Admin;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Upgrades;

/// <summary>A balancer that replaces itself, with the processes that it leaves behind, and its backend.</summary>
internal sealed class UpgradeRig : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;

    private UpgradeRig(TestBackend backend, TemporaryFolder folder, RunningProgram program) =>
        (Backend, _folder, Program, Process) = (backend, folder, program, program.Id);

    public TestBackend Backend { get; }

    /// <summary>What was started first; its log is that of all.</summary>
    public RunningProgram Program { get; }

    /// <summary>The process that serves.</summary>
    public int Process { get; private set; }

    public string AdminSocket => _folder.File("admin.sock");

    public string AccessLog => _folder.File("access.log");

    public string Config => _folder.File("minilb.yaml");

    public static async Task<UpgradeRig> StartAsync(TestBackend? backend = null, string more = "")
    {
        backend ??= await TestBackend.StartAsync(c =>
        {
            c.Response.ContentLength = 5;
            return c.Response.WriteAsync("hello");
        });
        var folder = new TemporaryFolder();
        folder.Write("minilb.yaml", $$"""
            listeners: [{ address: "127.0.0.1:0" }]
            admin: { address: "unix:{{folder.File("admin.sock")}}" }
            accessLog: { format: json, path: "{{folder.File("access.log")}}" }
            pools: { default: { backends: [ "{{backend.Url}}" ], healthCheck: { interval: 1h } } }
            {{more}}
            """);
        var start = ProgramUnderTest.Command(["--config", folder.File("minilb.yaml")]);
        start.Environment["UPGRADE_TEST"] = "a value";
        var program = RunningProgram.Start(ProcessSession.Apart(start));
        var rig = new UpgradeRig(backend, folder, program);
        await program.WaitUntilServingAsync();
        return rig;
    }

    /// <summary>Asks the instance at its admin socket.</summary>
    public async Task<HttpResponseMessage> PostUpgradeAsync()
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(AdminSocket), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        using var body = new ByteArrayContent([]);
        body.Headers.ContentType = new("application/json");
        return await client.PostAsync(new Uri("http://localhost/upgrade"), body);
    }

    /// <summary>Replaces the process by another one.</summary>
    public async Task UpgradeAsync()
    {
        using var response = await PostUpgradeAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK,
            $"{await response.Content.ReadAsStringAsync()}\n{Program.Errors}");
        var document = (await response.Content.ReadFromJsonAsync(UpgradeJson.Default.UpgradeDocument))!;
        Assert.Equal(Process, document.Replaced);
        Assert.NotEqual(Process, document.Process);
        Process = document.Process;
    }

    public async ValueTask DisposeAsync()
    {
        ProcessSession.Kill(Program.Id);
        await Program.DisposeAsync();
        await Backend.DisposeAsync();
        _folder.Dispose();
    }
}
