using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Transport;

namespace MiniLB.BackgroundLoops.Health;

/// <summary>Passes where a connection can be made.</summary>
internal sealed class TcpHealthChecker(HealthCheckOptions options, BackendAddress address, TimeProvider time)
    : HealthChecker
{
    private readonly BackendConnector _connector = new(options.Timeout, time);

    public override async Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _connector.ConnectAsync(address, cancellationToken);
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
