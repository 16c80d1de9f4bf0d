using System.Runtime.InteropServices;

namespace MiniLB.BackgroundLoops.Reload;

/// <summary>Reloads when the configuration file has changed, and on HUP.</summary>
/// <remarks>The file is looked at, not watched by the kernel: a mounted volume tells of no changes, and a Kubernetes
/// ConfigMap changes by a link several folders up.</remarks>
/// <param name="file">The configuration file; null where there is none.</param>
internal sealed class ReloadLoop(
    Reloader reloader, Func<string?> file, TimeProvider time, ILogger<ReloadLoop> logger) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    // Editors write a file in several steps.
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(500);

    private readonly FileStamp _loaded = FileStamp.Of(file());
    private PosixSignalRegistration? _hup;

    // 1 while HUP asks: set by the signal, cleared by the loop.
    private int _isAsked;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _hup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true; // what the system does by itself is to end the process
            Volatile.Write(ref _isAsked, 1);
        });
        using var timer = new PeriodicTimer(Period, time);
        var (loaded, seen, since) = (_loaded, _loaded, 0L);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (Interlocked.Exchange(ref _isAsked, 0) == 1)
                {
                    await ReloadAsync("HUP");
                }

                var now = FileStamp.Of(file());
                if (now != seen)
                {
                    (seen, since) = (now, time.GetTimestamp());
                }
                else if (seen != loaded && time.GetElapsedTime(since) >= Settled)
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

    public void Dispose() => _hup?.Dispose();

    private async Task ReloadAsync(string asker)
    {
        try
        {
            await reloader.ReloadAsync(asker);
        }
        catch (Exception e)
        {
            // The next change must still be seen.
            ReloadLog.Broke(logger, e);
        }
    }
}
