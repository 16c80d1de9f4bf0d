using System.Runtime.InteropServices;

namespace MiniLB.BackgroundLoops.Reload;

/// <summary>Reloads when the configuration file has changed, and on HUP.</summary>
/// <remarks>The file is looked at, not watched by the kernel: a mounted volume tells of no changes, and a Kubernetes
/// ConfigMap changes by a link several folders up.</remarks>
internal sealed class ReloadLoop : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    // Editors write a file in several steps.
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(500);

    private readonly Reloader _reloader;
    private readonly Func<string?> _file;
    private readonly TimeProvider _time;
    private readonly ILogger<ReloadLoop> _logger;
    private readonly FileStamp _loaded;
    private readonly PosixSignalRegistration _hup;

    // 1 while HUP asks: set by the signal, cleared by the loop.
    private int _isAsked;

    /// <param name="reloader">Reads and applies.</param>
    /// <param name="file">The configuration file; null where there is none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For what must not happen.</param>
    public ReloadLoop(Reloader reloader, Func<string?> file, TimeProvider time, ILogger<ReloadLoop> logger)
    {
        (_reloader, _file, _time, _logger) = (reloader, file, time, logger);
        _loaded = FileStamp.Of(file());
        _hup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true; // what the system does by itself is to end the process
            Volatile.Write(ref _isAsked, 1);
        });
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, _time);
        var (loaded, seen, since) = (_loaded, _loaded, 0L);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (Interlocked.Exchange(ref _isAsked, 0) == 1)
                {
                    await ReloadAsync("HUP");
                }

                var now = FileStamp.Of(_file());
                if (now != seen)
                {
                    (seen, since) = (now, _time.GetTimestamp());
                }
                else if (seen != loaded && _time.GetElapsedTime(since) >= Settled)
                {
                    loaded = seen;
                    await ReloadAsync("the file has changed");
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end of the process.
        }
    }

    public void Dispose() => _hup.Dispose();

    private async Task ReloadAsync(string asker)
    {
        try
        {
            await _reloader.ReloadAsync(asker);
        }
        catch (Exception e)
        {
            // The next change must still be seen.
            ReloadLog.Broke(_logger, e);
        }
    }
}
