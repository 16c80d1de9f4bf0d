using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MiniLB.Tests.Journeys.Harness;

/// <summary>A web server whose behaviour a test chooses; it can be killed and started again on its port.</summary>
internal sealed class TestBackend : IAsyncDisposable
{
    private readonly RequestDelegate _answer;
    private WebApplication? _app;
    private int _requests;

    private readonly bool _scriptsProbes;

    private TestBackend(RequestDelegate answer, bool scriptsProbes) =>
        (_answer, _scriptsProbes) = (answer, scriptsProbes);

    public int Port { get; private set; }

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Requests other than probes.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public static Task<TestBackend> StartAsync(string text = "hello") => StartAsync(c => c.Response.WriteAsync(text));

    /// <param name="answer">Answers requests.</param>
    /// <param name="scriptsProbes">Whether it answers probes too; else they pass.</param>
    public static async Task<TestBackend> StartAsync(RequestDelegate answer, bool scriptsProbes = false)
    {
        var backend = new TestBackend(answer, scriptsProbes);
        await backend.StartAgainAsync();
        return backend;
    }

    public async Task StartAgainAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Loopback, Port);
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

    /// <summary>Stops at once; open connections are cut.</summary>
    public async Task KillAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app!.StopAsync(now.Token);
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await KillAsync();
        }
    }

    private Task CountAsync(HttpContext context)
    {
        if (context.Request.Headers.UserAgent.ToString().StartsWith("minilb-health", StringComparison.Ordinal))
        {
            return _scriptsProbes ? _answer(context) : Task.CompletedTask;
        }

        Interlocked.Increment(ref _requests);
        return _answer(context);
    }
}
