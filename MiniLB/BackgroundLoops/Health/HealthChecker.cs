using System.Net.Sockets;
using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.BackgroundLoops.Health;

/// <summary>Probes one backend. Each probe makes its own connection: a kept one could hide a broken accept
/// path.</summary>
internal abstract class HealthChecker : IDisposable
{
    public static HealthChecker Create(HealthCheckOptions options, BackendAddress backend, TimeProvider time)
    {
        var address = options.Port is { } port ? backend with { Port = port } : backend;
        return options.Type switch
        {
            ProbeType.Http => new HttpHealthChecker(options, address, time),
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
