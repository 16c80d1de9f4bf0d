using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MiniLB.Load.Self;

/// <summary>The web server of a sample backend: it answers what it is asked for, as fast or slowly as it is
/// told.</summary>
/// <param name="name">Said in the field X-Backend of each answer.</param>
/// <param name="delay">How long each answer takes.</param>
/// <param name="atOnce">How many requests it works on at a time; the others wait. 0 for any number.</param>
internal sealed class SampleServer(string name, TimeSpan delay, int atOnce) : IDisposable
{
    private const int LargestBody = 16 * 1024 * 1024;

    private static readonly TimeSpan BetweenEvents = TimeSpan.FromMilliseconds(50);
    private static readonly byte[] Block = [.. Enumerable.Repeat((byte)'x', 64 * 1024)];

    private readonly SemaphoreSlim _room = new(atOnce == 0 ? int.MaxValue : atOnce);

    /// <summary>Serves until the process is told to stop, or until standard input ends.</summary>
    public async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.AddServerHeader = false;
        });
        await using var app = builder.Build();
        app.UseWebSockets();
        app.Run(AnswerAsync);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features
            .GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        Console.WriteLine($"{name} listens on {new Uri(address).Authority} ");
        _ = Task.Run(() =>
        {
            // Whoever started us is gone.
            while (Console.In.Read() >= 0)
            {
            }

            app.Lifetime.StopApplication();
        });
        await ((IHost)app).WaitForShutdownAsync();
    }

    public void Dispose() => _room.Dispose();

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers["X-Backend"] = name;
        if (context.WebSockets.IsWebSocketRequest)
        {
            await EchoAsync(context);
            return;
        }

        if (NumberOf(context, "events") is > 0 and var events)
        {
            await SendEventsAsync(context, events);
            return;
        }

        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        await _room.WaitAsync(context.RequestAborted);
        try
        {
            if (delay > TimeSpan.Zero)
            {
                await Task.Delay(delay, context.RequestAborted);
            }
        }
        finally
        {
            _room.Release();
        }

        await SendBodyAsync(context.Response, NumberOf(context, "bytes") ?? 1024);
    }

    private static async Task SendBodyAsync(HttpResponse response, int bytes)
    {
        response.ContentLength = bytes;
        response.ContentType = "text/plain";
        if (HttpMethods.IsHead(response.HttpContext.Request.Method))
        {
            return;
        }

        for (var left = bytes; left > 0; left -= Block.Length)
        {
            await response.Body.WriteAsync(
                Block.AsMemory(0, Math.Min(left, Block.Length)), response.HttpContext.RequestAborted);
        }
    }

    private static async Task SendEventsAsync(HttpContext context, int events)
    {
        context.Response.ContentType = "text/event-stream";
        for (var number = 0; number < events; number++)
        {
            await context.Response.WriteAsync($"data: {number}\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(BetweenEvents, context.RequestAborted);
        }
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[4096];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
            if (part.MessageType == System.Net.WebSockets.WebSocketMessageType.Close)
            {
                return;
            }

            await socket.SendAsync(
                buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, context.RequestAborted);
        }
    }

    private static int? NumberOf(HttpContext context, string key) =>
        int.TryParse(context.Request.Query[key], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= LargestBody
            ? number
            : null;
}
