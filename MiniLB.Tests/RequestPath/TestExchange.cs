using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.RequestPath;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath;

/// <summary>An exchange as Kestrel would begin it, without Kestrel.</summary>
internal static class TestExchange
{
    public static Exchange From(string? peer, string trusted = "", params (string Name, string Value)[] fields)
    {
        var context = Context(fields);
        var options = new BalancerOptions { Pools = [Sample.PoolOptions()], TrustedProxies = Cidrs(trusted) };
        return Begin(context, peer, options);
    }

    /// <summary>An exchange whose request body is what the reader yields.</summary>
    public static Exchange WithBody(PipeReader body)
    {
        var context = Context([]);
        context.Features.Set<IRequestBodyPipeFeature>(new Body(body));
        return Begin(context, "192.0.2.1", new BalancerOptions { Pools = [Sample.PoolOptions()] });
    }

    public static CidrSet Cidrs(string ranges) => new([.. ranges.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(r => CidrSet.TryParseNetwork(r, out var network) ? network : throw new ArgumentException(r))]);

    private static DefaultHttpContext Context((string Name, string Value)[] fields)
    {
        var context = new DefaultHttpContext();
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("site.example");
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = "/";
        foreach (var (name, value) in fields)
        {
            context.Request.Headers.Append(name, value);
        }

        return context;
    }

    private static Exchange Begin(DefaultHttpContext context, string? peer, BalancerOptions options)
    {
        var connection = new DefaultConnectionContext
        {
            RemoteEndPoint = peer is null ? null : new IPEndPoint(IPAddress.Parse(peer), 40_000),
        };
        var world = new World(options).Current;
        var exchange = new Exchange(
            new ClientConnection(connection, isAdmin: false, now: 0), new Lifecycle(), context.Features, world);
        exchange.Begin(context.Features, world);
        return exchange;
    }

    private sealed class Body(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader { get; } = reader;
    }
}
