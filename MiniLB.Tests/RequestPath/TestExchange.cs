using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.RequestPath;
using MiniLB.RequestPath.Accept;
using MiniLB.State;
using MiniLB.Wire;

namespace MiniLB.Tests.RequestPath;

/// <summary>An exchange as an HTTP/1.1 connection would begin it, without the connection.</summary>
internal static class TestExchange
{
    private static readonly HeadLimits Limits = new(8 * 1024, 32 * 1024, 100);

    public static Exchange From(string? peer, string trusted = "", params (string Name, string Value)[] fields) =>
        From(peer, trusted, new HeaderOptions(), fields);

    public static Exchange From(
        string? peer, string trusted, HeaderOptions headers, params (string Name, string Value)[] fields)
    {
        var options = new BalancerOptions
        {
            Pools = [Sample.PoolOptions()],
            TrustedProxies = Cidrs(trusted),
            Headers = headers,
        };
        return Begin(new World(options).Current, peer, "GET", "/", Lines(fields));
    }

    /// <summary>A request that meets the given world.</summary>
    public static Exchange In(World world, string method = "GET", params (string Name, string Value)[] fields) =>
        Begin(world.Current, "192.0.2.1", method, "/", Lines(fields));

    /// <summary>A request of nobody in particular, with fields of any size.</summary>
    public static Exchange To(string target, params (string Name, string Value)[] fields)
    {
        var world = new World(new BalancerOptions { Pools = [Sample.PoolOptions()] });
        var exchange = Begin(world.Current, peer: null, "GET", target, lines: "");
        foreach (var (name, value) in fields)
        {
            exchange.RequestFields.Add(Encoding.Latin1.GetBytes(name), value);
        }

        return exchange;
    }

    /// <summary>A request with these Cookie lines.</summary>
    public static Exchange WithCookies(params string[] lines) => To("/", [.. lines.Select(l => ("Cookie", l))]);

    public static CidrSet Cidrs(string ranges) => new([.. ranges.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(r => CidrSet.TryParseNetwork(r, out var network) ? network : throw new ArgumentException(r))]);

    private static string Lines((string Name, string Value)[] fields) =>
        string.Concat(fields.Select(f => $"{f.Name}: {f.Value}\r\n"));

    private static Http1Exchange Begin(WorldSnapshot world, string? peer, string method, string target, string lines)
    {
        var context = new DefaultConnectionContext
        {
            RemoteEndPoint = peer is null ? null : new IPEndPoint(IPAddress.Parse(peer), 40_000),
            LocalEndPoint = peer is null ? null : new IPEndPoint(IPAddress.Parse("198.51.100.2"), 443),
            Transport = new DuplexPipe(new Pipe().Reader, new Pipe().Writer),
        };
        var exchange = new Http1Exchange(
            new ClientConnection(context, isAdmin: false, now: 0), new Lifecycle(), world, context.Transport);
        var head = $"{method} {target} HTTP/1.1\r\nHost: site.example\r\n{lines}\r\n";
        Assert.Equal(WireError.None, RequestHeadParser.Parse(Encoding.Latin1.GetBytes(head), Limits, exchange.Head));
        exchange.Begin(world, Limits);
        return exchange;
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
