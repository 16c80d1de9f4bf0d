using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.RequestPath.Accept;

/// <summary>Tells Kestrel where to listen and what to put up with.</summary>
internal static class KestrelSetup
{
    // Kestrel counts from the fifth second of an upload (its own default).
    private static readonly TimeSpan BodyRateGrace = TimeSpan.FromSeconds(5);

    private const int SmallestBuffer = 128 * 1024;

    public static void Apply(KestrelServerOptions kestrel, BalancerOptions options, ConnectionTracking tracking)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        // Field values are bytes to us: Latin-1 maps each to one character and back.
        kestrel.RequestHeaderEncodingSelector = static name =>
            name == "Connection" ? ConnectionFieldEncoding.Instance : Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        ApplyLimits(kestrel.Limits, options);
        foreach (var listener in options.Listeners)
        {
            Listen(kestrel, listener.Address, isAdmin: false, tracking);
        }

        if (options.Admin.Address is { } admin)
        {
            Listen(kestrel, admin, isAdmin: true, tracking);
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
        limits.MaxRequestBodySize = options.Limits.Body == 0 ? null : options.Limits.Body;
        limits.MinRequestBodyDataRate = options.Limits.MinBodyRate == 0
            ? null
            : new MinDataRate(options.Limits.MinBodyRate, BodyRateGrace);
        // A slow reader makes progress; one that does not read at all is cut by the connection sweep.
        limits.MinResponseDataRate = null;
    }

    private static void Listen(
        KestrelServerOptions kestrel, ListenAddress address, bool isAdmin, ConnectionTracking tracking) =>
        kestrel.Listen(address.EndPoint, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http1;
            endpoint.Use(next => context => tracking.RunAsync(context, isAdmin, next));
        });

    private static TimeSpan OrInfinite(TimeSpan time) => time == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : time;
}
