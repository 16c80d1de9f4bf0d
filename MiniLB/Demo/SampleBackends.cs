using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace MiniLB.Demo;

/// <summary>Three small web servers for minilb demo: a plain one, a slower one, and one that can be broken and
/// mended.</summary>
internal sealed class SampleBackends : IAsyncDisposable
{
    public const int Count = 3;
    private const int Slow = 2;
    private const int Breakable = 3;
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(150);

    private readonly WebApplication[] _servers;
    private volatile bool _isBroken;

    public SampleBackends()
    {
        _servers = [.. Enumerable.Range(1, Count).Select(Create)];
    }

    /// <summary>Their URLs, once started.</summary>
    public string[] Urls { get; private set; } = [];

    public async Task StartAsync()
    {
        foreach (var server in _servers)
        {
            await server.StartAsync();
        }

        Urls = [.. _servers.Select(s => s.Services.GetRequiredService<IServer>().Features
            .GetRequiredFeature<IServerAddressesFeature>().Addresses.Single())];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private WebApplication Create(int number)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(context => AnswerAsync(context, number));
        return app;
    }

    private async Task AnswerAsync(HttpContext context, int number)
    {
        if (number == Breakable && context.Request.Path == "/break")
        {
            _isBroken = true;
            await context.Response.WriteAsync("backend 3 now answers 500\n");
            return;
        }

        if (number == Breakable && context.Request.Path == "/mend")
        {
            _isBroken = false;
            await context.Response.WriteAsync("backend 3 answers again\n");
            return;
        }

        if (number == Slow)
        {
            await Task.Delay(Delay, context.RequestAborted);
        }

        if (number == Breakable && _isBroken)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await context.Response.WriteAsync("backend 3 is broken\n");
            return;
        }

        var slow = number == Slow ? ", the slow one" : "";
        await context.Response.WriteAsync($"hello from backend {number}{slow}\n");
    }
}
