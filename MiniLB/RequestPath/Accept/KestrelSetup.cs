using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.RequestPath.Accept;

/// <summary>Tells Kestrel where to listen, and what to put up with in HTTP/2, the one protocol that it speaks
/// here.</summary>
internal static class KestrelSetup
{
    private const int SmallestBuffer = 128 * 1024;

    /// <param name="kestrel">What is told.</param>
    /// <param name="options">The limits and the addresses.</param>
    /// <param name="acceptor">Asked for by each connection: Kestrel is told all this before there is one.</param>
    public static void Apply(KestrelServerOptions kestrel, BalancerOptions options, Func<ClientAcceptor> acceptor)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        // Field values are bytes to us: Latin-1 maps each to one character and back.
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        ApplyLimits(kestrel.Limits, options);
        foreach (var listener in options.Listeners)
        {
            Listen(kestrel, listener.Address, acceptor, isAdmin: false, listener.Http2);
        }

        if (options.Admin.Address is { } admin)
        {
            Listen(kestrel, admin, acceptor, isAdmin: true, http2: false);
        }
    }

    private static void ApplyLimits(KestrelServerLimits limits, BalancerOptions options)
    {
        limits.KeepAliveTimeout = OrInfinite(options.Timeouts.Idle);
        limits.RequestHeadersTimeout = OrInfinite(options.Timeouts.Read);
        limits.MaxRequestHeaderCount = options.Limits.Headers;
        limits.MaxRequestHeadersTotalSize = (int)options.Limits.HeaderBytes;
        limits.MaxRequestLineSize = (int)options.Limits.RequestLine;
        // Kestrel refuses to start with a buffer that a head does not fit into.
        limits.MaxRequestBufferSize = Math.Max(
            SmallestBuffer, Math.Max(limits.MaxRequestLineSize, limits.MaxRequestHeadersTotalSize));
        // A flush is over when the client's window took all of it: see Http2ResponseBody.
        limits.MaxResponseBufferSize = 0;
        limits.MaxRequestBodySize = options.Limits.Body == 0 ? null : options.Limits.Body;
        limits.Http2.MaxStreamsPerConnection = options.Limits.Http2Streams;
        limits.Http2.MaxRequestHeaderFieldSize = (int)Math.Min(options.Limits.HeaderBytes, int.MaxValue);
        // The pace of an upload is watched where it is passed on, the taking of an answer by the connection sweep.
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
    }

    private static void Listen(
        KestrelServerOptions kestrel, ListenAddress address, Func<ClientAcceptor> acceptor, bool isAdmin, bool http2) =>
        kestrel.Listen(address.EndPoint, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http2;
            endpoint.Use(next => context => acceptor().RunAsync(context, isAdmin, http2 ? next : null));
        });

    private static TimeSpan OrInfinite(TimeSpan time) => time == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : time;
}
