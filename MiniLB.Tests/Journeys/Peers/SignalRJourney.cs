using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>SignalR's own client talks to its server over each of its transports.</summary>
public sealed class SignalRJourney
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task Hub_AnswersCallsBackAndStreamsBothWays(HttpTransportType transport)
    {
        await using var server = await StartHubAsync();
        await using var program = await RunningProgram.BalanceAsync("--backend", server.Url);
        await using var client = Client(program, transport);
        var called = Channel.CreateUnbounded<string>();
        client.On<string>("Called", text => called.Writer.TryWrite(text));
        using var deadline = new CancellationTokenSource(Soon);

        await client.StartAsync(deadline.Token);

        Assert.Equal(transport.ToString(), await client.InvokeAsync<string>("Transport", deadline.Token));
        var large = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i % 7}\u00e9"));
        foreach (var text in new[] { "", "hello", large })
        {
            Assert.Equal(text, await client.InvokeAsync<string>("Echo", text, deadline.Token));
        }

        await client.InvokeAsync("CallBack", "from the server", deadline.Token);
        Assert.Equal("from the server", await called.Reader.ReadAsync(deadline.Token));
        var counted = new List<int>();
        await foreach (var number in client.StreamAsync<int>("CountTo", 200, deadline.Token))
        {
            counted.Add(number);
        }

        Assert.Equal(Enumerable.Range(1, 200), counted);
        Assert.Equal(5050, await client.InvokeAsync<int>("Sum", Numbers(100), deadline.Token));
        await client.StopAsync(deadline.Token);
    }

    [Fact]
    public async Task StopOfTheBalancer_EndsTheConnectionAndTheClientLearnsOfIt()
    {
        await using var server = await StartHubAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", server.Url, "--set", "shutdown.grace=500ms");
        await using var client = Client(program, HttpTransportType.WebSockets);
        var closed = new TaskCompletionSource();
        client.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await client.StartAsync();
        Assert.Equal("still here", await client.InvokeAsync<string>("Echo", "still here"));

        Assert.Equal(0, await program.StopAsync());

        await closed.Task.WaitAsync(Soon);
    }

    private static Task<PeerServer> StartHubAsync() => PeerServer.StartAsync(
        services => services
            .AddSignalR(o => o.MaximumReceiveMessageSize = null)
            .AddJsonProtocol(o => o.PayloadSerializerOptions.TypeInfoResolver = new DefaultJsonTypeInfoResolver()),
        app => app.MapHub<TalkHub>("/hub"),
        HttpProtocols.Http1);

    private static HubConnection Client(RunningProgram program, HttpTransportType transport) =>
        new HubConnectionBuilder()
            .WithUrl(new Uri(program.Url, "/hub"), transport)
            .AddJsonProtocol(o => o.PayloadSerializerOptions.TypeInfoResolver = new DefaultJsonTypeInfoResolver())
            .Build();

    private static async IAsyncEnumerable<int> Numbers(int end)
    {
        for (var i = 1; i <= end; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }
}
