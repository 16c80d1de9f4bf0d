using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>A gRPC client, the balancer, and a gRPC server, over HTTP/2 without TLS on both sides.</summary>
internal sealed class GrpcRig : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly GrpcChannel _channel;

    private GrpcRig(PeerServer server, RunningProgram program, EchoRecord record)
    {
        (Server, Program, Record) = (server, program, record);
        _channel = GrpcChannel.ForAddress(program.Url, new GrpcChannelOptions
        {
            MaxReceiveMessageSize = null,
            MaxRetryAttempts = 1, // an error must come from the balancer, and reach the test
        });
        Calls = _channel.CreateCallInvoker();
    }

    public PeerServer Server { get; }

    public RunningProgram Program { get; }

    public EchoRecord Record { get; }

    public CallInvoker Calls { get; }

    /// <param name="settings">Settings of the balancer beside those that gRPC needs.</param>
    public static async Task<GrpcRig> StartAsync(params string[] settings)
    {
        var record = new EchoRecord();
        var server = await PeerServer.StartAsync(
            services =>
            {
                services.AddGrpc(o => o.MaxReceiveMessageSize = null);
                services.AddSingleton(record);
            },
            app => app.MapGrpcService<EchoService>(),
            HttpProtocols.Http2);
        var program = await RunningProgram.BalanceAsync(
            ["--backend", server.Url, "--set", "pools.default.http=2",
                .. settings.SelectMany(s => new[] { "--set", s })]);
        return new GrpcRig(server, program, record);
    }

    /// <summary>Options with a deadline that no call reaches, unless it hangs.</summary>
    public static CallOptions Options(Metadata? metadata = null) =>
        new(metadata, deadline: DateTime.UtcNow + Deadline);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await Program.DisposeAsync();
        await Server.DisposeAsync();
    }
}
