using System.Net.Sockets;
using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.BackgroundLoops.Health;

/// <summary>Probes one backend. Each probe makes its own connection: a kept one could hide a broken accept
/// path.</summary>
internal abstract class HealthChecker : IDisposable
{
    /// <param name="options">How to probe.</param>
    /// <param name="backend">Where the backend serves.</param>
    /// <param name="http">What it speaks there; on a port of the probes' own that is always HTTP/1.1.</param>
    /// <param name="time">The clock.</param>
    public static HealthChecker Create(
        HealthCheckOptions options, BackendAddress backend, BackendProtocol http, TimeProvider time)
    {
        var protocol = options.Port is null ? http : BackendProtocol.Http11;
        var address = options.Port is { } port ? backend with { Port = port } : backend;
        return options.Type switch
        {
            ProbeType.Http => new HttpHealthChecker(options, address, protocol, time),
            ProbeType.Tcp => new TcpHealthChecker(options, address, time),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Type, null),
        };
    }

    /// <returns>A result, whatever happens; only the cancellation of the token is thrown.</returns>
    public abstract Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken);

    public abstract void Dispose();

    protected static ProbeResult Failed(Exception e, TimeSpan timeout) => e switch
    {
        OperationCanceledException => new ProbeResult(false, $"no answer within {timeout.TotalSeconds:0.###} s"),
        SocketException { SocketErrorCode: SocketError.TimedOut } =>
            new ProbeResult(false, $"no connection within {timeout.TotalSeconds:0.###} s"),
        { InnerException: { } inner } => Failed(inner, timeout),
        _ => new ProbeResult(false, e.Message),
    };
}
