using System.Net.Sockets;
using System.Security.Authentication;
using MiniLB.State;
using MiniLB.Transport;

namespace MiniLB.BackgroundLoops.Rotation;

/// <summary>Brings backends back that live traffic has taken out of rotation, raises those that start slowly, and takes
/// leave of those that drain.</summary>
/// <remarks>Where there are probes, an ejected backend comes back with a probe that passes: the health loop's
/// matter.</remarks>
internal sealed class RotationLoop(World world, TimeProvider time, ILogger<RotationLoop> logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    // A tunnel through a draining backend may end once nothing has gone through it for so long.
    private static readonly TimeSpan QuietTunnel = TimeSpan.FromSeconds(5);

    // The newest knock at each backend, and when the next one is due; never two at once.
    private readonly Dictionary<Backend, (TimeSpan Next, Task Knock)> _knocks = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var beats = new Beats(Period, time, cancellationToken);
        while (await beats.NextAsync())
        {
            Beat(cancellationToken);
        }
    }

    internal void Beat(CancellationToken cancellationToken)
    {
        // A dictionary may lose entries while it is gone through.
        foreach (var backend in _knocks.Keys)
        {
            if (backend.HasLeft)
            {
                _knocks.Remove(backend);
            }
        }

        foreach (var pool in world.Current.Pools)
        {
            foreach (var backend in pool.All)
            {
                try
                {
                    LookAfter(pool, backend, cancellationToken);
                }
                catch (Exception e)
                {
                    RotationLog.BeatBroke(logger, backend.Url, e);
                }
            }
        }
    }

    private void LookAfter(PoolSnapshot pool, Backend backend, CancellationToken cancellationToken)
    {
        var status = pool[backend];
        if (status.IsCircuitOpen && backend.Circuit?.TryHalfOpen() == true)
        {
            world.FollowCircuit(backend);
            RotationLog.HalfOpen(logger, backend.Url);
        }

        if (status.Ejection is { } ejection && !pool.Options.HealthCheck.Enabled)
        {
            BringBack(pool, backend, ejection, cancellationToken);
        }

        if (status.RisingSince is not null)
        {
            world.Advance(backend);
        }

        if (status.Mode != BackendMode.Enabled)
        {
            backend.Tunnels.EndQuiet(Environment.TickCount64, (long)QuietTunnel.TotalMilliseconds);
        }
    }

    private void BringBack(PoolSnapshot pool, Backend backend, Ejection ejection, CancellationToken cancellationToken)
    {
        var now = time.GetElapsedTime(0);
        if (now >= ejection.Until)
        {
            Readmit(backend, ejection, "its time is over");
        }
        else if (ejection.CouldNotConnect
            && (!_knocks.TryGetValue(backend, out var last) || (now >= last.Next && last.Knock.IsCompleted)))
        {
            _knocks[backend] = (
                now + pool.Options.HealthCheck.FastInterval, KnockAsync(pool, backend, ejection, cancellationToken));
        }
    }

    // One connect, and to an https backend the handshake: no connection could be made before.
    private async Task KnockAsync(
        PoolSnapshot pool, Backend backend, Ejection ejection, CancellationToken cancellationToken)
    {
        try
        {
            var connector = new BackendConnector(pool.Options.HealthCheck.Timeout, time)
            {
                Tls = new BackendTls(pool.Options.Tls, pool.Options.Http),
                First = NamelessClient.Introduction(pool.Options.SendProxyProtocol),
            };
            await using var stream = await connector.ConnectAsync(backend.Address, cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException
            or OperationCanceledException)
        {
            return;
        }

        Readmit(backend, ejection, "it takes connections again");
    }

    private void Readmit(Backend backend, Ejection ejection, string reason)
    {
        backend.Counters.Health.Reason = reason;
        if (world.Readmit(backend, ejection))
        {
            RotationLog.Readmitted(logger, backend.Url, reason);
        }
    }
}
