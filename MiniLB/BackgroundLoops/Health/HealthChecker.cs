using System.Net.Sockets;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Transport;
using MiniLB.Wire;

namespace MiniLB.BackgroundLoops.Health;

/// <summary>Probes one backend. Each probe makes its own connection: a kept one could hide a broken accept
/// path.</summary>
internal abstract class HealthChecker : IDisposable
{
    /// <summary>What backends see of who asks.</summary>
    protected const string UserAgent = "minilb-health-check";

    /// <remarks>On a port of the probes' own they speak HTTP/1.1 and send no PROXY header, as in HAProxy.</remarks>
    /// <param name="pool">How to probe, and what is spoken to the backends.</param>
    /// <param name="backend">Where the backend serves.</param>
    /// <param name="time">The clock.</param>
    public static HealthChecker Create(PoolOptions pool, BackendAddress backend, TimeProvider time)
    {
        var options = pool.HealthCheck;
        var protocol = options.Port is null ? pool.Http : BackendProtocol.Http11;
        var address = options.Port is { } port ? backend with { Port = port } : backend;
        var connector = new BackendConnector(options.Timeout, time)
        {
            Tls = new BackendTls(pool.Tls, protocol),
            First = NamelessClient.Introduction(
                options.Port is null ? pool.SendProxyProtocol : ProxyProtocolVersion.Off),
        };
        return options.Type switch
        {
            ProbeType.Http when protocol == BackendProtocol.Http11 || (protocol == BackendProtocol.Auto && !address.Tls)
                => new Http1HealthChecker(options, address, LimitsOf(pool), connector, time),
            ProbeType.Http => new Http2HealthChecker(options, address, protocol, connector, time),
            ProbeType.Tcp => new TcpHealthChecker(options, address, connector),
            _ => throw new ArgumentOutOfRangeException(nameof(pool), options.Type, null),
        };
    }

    private static HeadLimits LimitsOf(PoolOptions pool)
    {
        var bytes = (int)pool.Limits.ResponseHeaderBytes;
        return new HeadLimits(bytes, bytes, pool.Limits.ResponseHeaders);
    }

    /// <returns>A result, whatever happens; only the cancellation of the token is thrown.</returns>
    public abstract Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken);

    public abstract void Dispose();

    protected static ProbeResult Failed(Exception e, TimeSpan timeout) => e switch
    {
        _ when SocketShortage.IsIn(e) =>
            new ProbeResult(false, $"no socket for a probe: {e.GetBaseException().Message}", SaysNothing: true),
        OperationCanceledException => new ProbeResult(false, $"no answer within {timeout.TotalSeconds:0.###} s"),
        SocketException { SocketErrorCode: SocketError.TimedOut } =>
            new ProbeResult(false, $"no connection within {timeout.TotalSeconds:0.###} s"),
        _ when BackendTls.Describe(e) is { } refusal => new ProbeResult(false, refusal),
        ObjectDisposedException => new ProbeResult(false, "it has closed the connection"),
        { InnerException: { } inner } => Failed(inner, timeout),
        _ => new ProbeResult(false, e.Message),
    };
}
