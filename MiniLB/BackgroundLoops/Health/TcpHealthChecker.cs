using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Transport;

namespace MiniLB.BackgroundLoops.Health;

/// <summary>Passes where a connection can be made, and to an https backend the TLS handshake.</summary>
internal sealed class TcpHealthChecker(
    HealthCheckOptions options, BackendAddress address, BackendConnector connector) : HealthChecker
{
    public override async Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await connector.ConnectAsync(address, cancellationToken);
            return new ProbeResult(true, "connected");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(e, options.Timeout);
        }
    }

    public override void Dispose()
    {
        // Each probe has closed its own connection.
    }
}
