using System.Runtime.InteropServices;

using MiniLB.Config.Options;

namespace MiniLB.BackgroundLoops.Reload;

/// <summary>Reloads when the configuration file has changed, or a certificate, and on HUP.</summary>
/// <remarks>Files are looked at, not watched by the kernel: a mounted volume tells of no changes, and a Kubernetes
/// ConfigMap changes by a link several folders up.</remarks>
internal sealed class ReloadLoop : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    // Editors write a file in several steps, and a certificate is two files.
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(500);

    private readonly Reloader _reloader;
    private readonly Func<string?> _file;
    private readonly Func<IReadOnlyList<ReadFile>> _certificates;
    private readonly TimeProvider _time;
    private readonly ILogger<ReloadLoop> _logger;
    private readonly SettledChange<FileStamp> _fileChange;
    private readonly SettledChange<int> _certificateChange;
    private readonly PosixSignalRegistration _hup;

    // 1 while HUP asks: set by the signal, cleared by the loop.
    private int _isAsked;

    /// <param name="reloader">Reads and applies.</param>
    /// <param name="file">The configuration file; null where there is none.</param>
    /// <param name="certificates">The files that were read beside it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For what must not happen.</param>
    public ReloadLoop(
        Reloader reloader, Func<string?> file, Func<IReadOnlyList<ReadFile>> certificates, TimeProvider time,
        ILogger<ReloadLoop> logger)
    {
        (_reloader, _file, _certificates, _time, _logger) = (reloader, file, certificates, time, logger);
        _fileChange = new SettledChange<FileStamp>(FileStamp.Of(file()), Settled, time);
        _certificateChange = new SettledChange<int>(StampOfCertificates(), Settled, time);
        _hup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true; // what the system does by itself is to end the process
            Volatile.Write(ref _isAsked, 1);
        });
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var beats = new Beats(Period, _time, cancellationToken);
        for (var beat = 0; await beats.NextAsync(); beat++)
        {
            if (Interlocked.Exchange(ref _isAsked, 0) == 1)
            {
                await SafelyAsync(_reloader.ReloadAsync("HUP"));
            }

            if (_fileChange.IsSettled(FileStamp.Of(_file())))
            {
                await SafelyAsync(_reloader.ReloadAsync("the file has changed"));
            }

            if (beat % Pace(_certificates().Count) == 0 && _certificateChange.IsSettled(StampOfCertificates()))
            {
                await SafelyAsync(_reloader.RefreshFilesAsync());
            }
        }
    }

    public void Dispose() => _hup.Dispose();

    // To look at thousands of files ten times a second would be work that one can see.
    private static int Pace(int files) => 1 + (files / 32);

    private int StampOfCertificates()
    {
        var stamp = new HashCode();
        foreach (var file in _certificates())
        {
            stamp.Add(file.Path);
            stamp.Add(FileStamp.Of(file.Path));
        }

        return stamp.ToHashCode();
    }

    private async Task SafelyAsync(Task reload)
    {
        try
        {
            await reload;
        }
        catch (Exception e)
        {
            // The next change must still be seen.
            ReloadLog.Broke(_logger, e);
        }
    }
}
