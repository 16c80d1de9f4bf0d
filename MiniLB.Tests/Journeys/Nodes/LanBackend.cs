using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace MiniLB.Tests.Journeys.Nodes;

/// <summary>A backend in another network, which takes a moment for each answer, and for /slow a longer one.</summary>
internal sealed class LanBackend : IAsyncDisposable
{
    public const string Text = "whole";

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan Longer = TimeSpan.FromMilliseconds(400);

    private readonly WebApplication _app;

    private LanBackend(WebApplication app) => _app = app;

    public static async Task<LanBackend> StartAsync(NetworkNamespace network, IPEndPoint address)
    {
        var socket = network.NewSocket();
        socket.Bind(address);
        socket.Listen();
        var descriptor = (ulong)socket.SafeHandle.DangerousGetHandle();
        // Kestrel closes it: closed here once more, it could be another test's by then.
        socket.SafeHandle.SetHandleAsInvalid();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(
            k => k.ListenHandle(descriptor, listener => listener.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        return new LanBackend(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context)
    {
        await Task.Delay(context.Request.Path == "/slow" ? Longer : Moment);
        context.Response.ContentLength = Text.Length;
        await context.Response.WriteAsync(Text);
    }
}
