using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MiniLB.Demo;

/// <summary>Three small web servers for minilb demo: a plain one, a slower one, and one that can be broken and
/// mended.</summary>
internal sealed class SampleBackends : IAsyncDisposable
{
    public const int Count = 3;
    private const int Slow = 2;
    private const int Breakable = 3;
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(150);

    private readonly KestrelServer[] _servers;
    private volatile bool _isBroken;

    public SampleBackends()
    {
        _servers = [.. Enumerable.Range(1, Count).Select(_ => Create())];
    }

    /// <summary>Their URLs, once started.</summary>
    public string[] Urls { get; private set; } = [];

    public async Task StartAsync()
    {
        for (var i = 0; i < Count; i++)
        {
            var number = i + 1;
            await _servers[i].StartAsync(
                new Application(context => AnswerAsync(context, number)), CancellationToken.None);
        }

        Urls = [.. _servers.Select(
            s => s.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single())];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.StopAsync(new CancellationToken(canceled: true));
            server.Dispose();
        }
    }

    private static KestrelServer Create()
    {
        var kestrel = new KestrelServerOptions();
        kestrel.Listen(IPAddress.Loopback, 0);
        var sockets = new SocketTransportFactory(
            Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        return new KestrelServer(Options.Create(kestrel), sockets, NullLoggerFactory.Instance);
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

    private sealed class Application(Func<HttpContext, Task> answer) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => answer(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
            // It holds nothing.
        }
    }
}
