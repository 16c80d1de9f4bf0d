using System.Net;
using System.Net.Sockets;
using MiniLB.Tests.Journeys.Exchanges.Table;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>One running balancer and the scripted backend behind it.</summary>
internal sealed class ExchangeBench : IAsyncDisposable
{
    private static readonly string[] Always =
    [
        "pools.default.healthCheck.enabled=false", "accessLog.format=off",
    ];

    private static readonly Dictionary<BenchKind, string[]> Settings = new()
    {
        [BenchKind.Usual] = [],
        [BenchKind.Quick] =
        [
            "timeouts.read=1s", "timeouts.write=1s", "timeouts.idle=1s", "pools.default.timeouts.responseHeaders=1s",
            "pools.default.timeouts.idle=1s",
        ],
        [BenchKind.Trusting] = ["trustedProxies.0=127.0.0.0/8"],
        [BenchKind.Small] =
        [
            "limits.headers=10", "limits.headerBytes=1KiB", "limits.requestLine=256", "limits.body=64",
            "pools.default.limits.responseHeaders=10", "pools.default.limits.responseHeaderBytes=1KiB",
        ],
        [BenchKind.Ruled] =
        [
            "headers.request.set.X-Env=prod", "headers.request.add.X-Tag=ours", "headers.request.remove.0=X-Secret",
            "headers.response.set.X-Frame-Options=DENY", "headers.response.remove.0=Server",
        ],
    };

    private readonly RunningProgram _program;

    private ExchangeBench(RunningProgram program, ScriptedBackend backend) => (_program, Backend) = (program, backend);

    public ScriptedBackend Backend { get; }

    public bool HasExited => _program.HasExited;

    public string Log => _program.Errors;

    /// <param name="kind">The settings.</param>
    /// <param name="assembly">Another build of the program's assembly than the one under test.</param>
    public static async Task<ExchangeBench> StartAsync(BenchKind kind, string? assembly = null)
    {
        var backend = new ScriptedBackend();
        string[] settings = [.. Always, .. Settings[kind]];
        var command = ProgramUnderTest.Command(
            [
                "--listen", "127.0.0.1:0", "--admin", "off", "--backend", backend.Url,
                .. settings.SelectMany(s => new[] { "--set", s }),
            ],
            assembly);
        if (kind == BenchKind.Quick)
        {
            // By a variable, because a program that does not know the key only warns.
            command.Environment["MINILB_POOLS__DEFAULT__TIMEOUTS__TUNNEL"] = "1s";
        }

        var program = RunningProgram.Start(command);
        var bench = new ExchangeBench(program, backend);
        try
        {
            await program.WaitUntilServingAsync();
            return bench;
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
    }

    public async Task<Peer> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, _program.Url.Port);
            return new Peer(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        await Backend.DisposeAsync();
    }
}
