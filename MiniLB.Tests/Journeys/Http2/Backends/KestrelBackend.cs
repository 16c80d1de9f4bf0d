using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MiniLB.Tests.Journeys.Http2.Backends;

/// <summary>A server that speaks prior-knowledge HTTP/2 only; it can be stopped politely and started again on its
/// port.</summary>
internal sealed class KestrelBackend : IAsyncDisposable
{
    private readonly RequestDelegate _answer;
    private WebApplication? _app;
    private int _requests;

    private KestrelBackend(RequestDelegate answer) => _answer = answer;

    public int Port { get; private set; }

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Requests other than probes.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public static async Task<KestrelBackend> StartAsync(RequestDelegate answer)
    {
        var backend = new KestrelBackend(answer);
        await backend.StartAgainAsync();
        return backend;
    }

    public async Task StartAgainAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Loopback, Port, l => l.Protocols = HttpProtocols.Http2);
            k.Limits.MinRequestBodyDataRate = null;
            k.Limits.MinResponseDataRate = null;
            k.Limits.MaxRequestBodySize = null;
        });
        _app = builder.Build();
        _app.Run(CountAsync);
        await _app.StartAsync();
        Port = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!
            .Addresses.Single()).Port;
    }

    /// <summary>Says GOAWAY, ends what is in flight, and stops.</summary>
    public async Task StopAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await _app!.StopAsync(limit.Token);
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await _app.StopAsync(now.Token);
            await _app.DisposeAsync();
        }
    }

    private Task CountAsync(HttpContext context)
    {
        if (context.Request.Headers.UserAgent.ToString().StartsWith("minilb-health", StringComparison.Ordinal))
        {
            return Task.CompletedTask;
        }

        Interlocked.Increment(ref _requests);
        return _answer(context);
    }
}
