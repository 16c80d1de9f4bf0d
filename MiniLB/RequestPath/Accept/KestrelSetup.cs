using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using MiniLB.Config.Options;
using MiniLB.Transport;

namespace MiniLB.RequestPath.Accept;

/// <summary>Tells Kestrel what to put up with in HTTP/2, the one protocol that it speaks here.</summary>
internal static class KestrelSetup
{
    private const int SmallestBuffer = 128 * 1024;

    /// <param name="kestrel">What is set up.</param>
    /// <param name="options">What the operator wrote.</param>
    /// <param name="accept">Serves a connection, or has Kestrel do it.</param>
    public static void Apply(
        KestrelServerOptions kestrel, BalancerOptions options, Func<ConnectionContext, ConnectionDelegate, Task> accept)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        // Field values are bytes to us: Latin-1 maps each to one character and back.
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        ApplyLimits(kestrel.Limits, options);
        kestrel.Listen(ListenerSet.Everywhere, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http2;
            endpoint.Use(next => context => accept(context, next));
        });
    }

    /// <summary>Limits are those of the moment in which a connection begins.</summary>
    public static void ApplyLimits(KestrelServerLimits limits, BalancerOptions options)
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

    private static TimeSpan OrInfinite(TimeSpan time) => time == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : time;
}
