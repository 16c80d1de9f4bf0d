using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Transport;

namespace MiniLB.RequestPath.Accept;

/// <summary>Tells Kestrel what to put up with in HTTP/2, the one protocol that it speaks here.</summary>
internal static class KestrelSetup
{
    // Kestrel counts :method, :scheme, :authority, :path and :protocol beside the fields, which are counted again when
    // the request is read.
    private const int PseudoFields = 5;

    /// <summary>Makes a server; its limits are changed at a reload.</summary>
    /// <param name="options">What the operator wrote.</param>
    /// <param name="connections">Where its connections come from.</param>
    /// <param name="log">Where it complains.</param>
    public static KestrelServer Create(
        BalancerOptions options, IConnectionListenerFactory connections, ILoggerFactory log)
    {
        var kestrel = new KestrelServerOptions();
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        // Field values are bytes to us: Latin-1 maps each to one character and back.
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        ApplyLimits(kestrel.Limits, options);
        kestrel.Listen(ListenerSet.Everywhere, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        return new KestrelServer(Options.Create(kestrel), connections, log);
    }

    /// <summary>Limits are those of the moment in which a connection begins.</summary>
    public static void ApplyLimits(KestrelServerLimits limits, BalancerOptions options)
    {
        limits.KeepAliveTimeout = OrInfinite(options.Timeouts.Idle);
        limits.RequestHeadersTimeout = OrInfinite(options.Timeouts.Read);
        limits.MaxRequestHeaderCount = (int)Math.Min((long)options.Limits.Headers + PseudoFields, int.MaxValue);
        limits.MaxRequestHeadersTotalSize = (int)options.Limits.HeaderBytes;
        limits.MaxRequestLineSize = (int)options.Limits.RequestLine;
        // Kestrel refuses to start with a buffer that a head does not fit into.
        limits.MaxRequestBufferSize = Math.Max(
            MemoryPlan.Current.RequestBuffer, Math.Max(limits.MaxRequestLineSize, limits.MaxRequestHeadersTotalSize));
        // A flush is over when the client's window took all of it: see Http2ResponseBody.
        limits.MaxResponseBufferSize = 0;
        // See Http2ClientBody.
        limits.MaxRequestBodySize = null;
        (limits.Http2.InitialConnectionWindowSize, limits.Http2.InitialStreamWindowSize) = MemoryPlan.Current.Windows;
        limits.Http2.MaxStreamsPerConnection = MemoryPlan.Current.Http2Streams(options.Limits);
        limits.Http2.MaxRequestHeaderFieldSize = (int)Math.Min(options.Limits.HeaderBytes, int.MaxValue);
        // The pace of an upload is watched where it is passed on, the taking of an answer by the connection sweep.
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
    }

    private static TimeSpan OrInfinite(TimeSpan time) => time == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : time;
}
