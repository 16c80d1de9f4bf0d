using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>Web servers on several loopback addresses and one port, as the servers behind a name are. Each answers with
/// its address.</summary>
internal sealed class AddressedBackends : IAsyncDisposable
{
    private static int _last = Random.Shared.Next(60_000);

    private readonly WebApplication _app;

    private AddressedBackends(WebApplication app, string[] addresses, int port) =>
        (_app, Addresses, Port) = (app, addresses, port);

    public string[] Addresses { get; }

    public int Port { get; }

    /// <summary>Names that probes have asked for.</summary>
    public ConcurrentDictionary<string, int> ProbedHosts { get; } = [];

    /// <summary>Requests other than probes, by address.</summary>
    public ConcurrentDictionary<string, int> Served { get; } = [];

    /// <summary>Set by the first request for /slow, which waits until it is <see cref="Release"/>d.</summary>
    public TaskCompletionSource<string> Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string UrlOf(int number) => $"http://{Addresses[number]}:{Port}";

    /// <param name="count">How many addresses.</param>
    /// <param name="configure">What else each listening socket needs.</param>
    public static async Task<AddressedBackends> StartAsync(int count, Action<ListenOptions>? configure = null)
    {
        var number = Interlocked.Increment(ref _last);
        string[] addresses =
            [.. Enumerable.Range(1, count).Select(i => $"127.{66 + (number >> 8 & 15)}.{number & 255}.{i}")];
        var port = FreePort(addresses[0]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => Array.ForEach(
            addresses, a => k.Listen(IPAddress.Parse(a), port, o => configure?.Invoke(o))));
        var app = builder.Build();
        var backends = new AddressedBackends(app, addresses, port);
        app.Run(backends.AnswerAsync);
        await app.StartAsync();
        return backends;
    }

    public async ValueTask DisposeAsync()
    {
        Release.TrySetResult();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Headers.UserAgent.ToString().StartsWith("minilb-health", StringComparison.Ordinal))
        {
            ProbedHosts.AddOrUpdate(context.Request.Host.Value!, 1, (_, n) => n + 1);
            return;
        }

        var address = context.Connection.LocalIpAddress!.ToString();
        Served.AddOrUpdate(address, 1, (_, n) => n + 1);
        if (context.Request.Path == "/slow")
        {
            Held.TrySetResult(address);
            await Release.Task;
        }

        await context.Response.WriteAsync(address);
    }

    private static int FreePort(string address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
