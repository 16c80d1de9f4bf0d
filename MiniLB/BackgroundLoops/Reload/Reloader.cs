using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.BackgroundLoops.Reload;

/// <summary>Reads the configuration again and has it obeyed, or says what is wrong with it and changes nothing. One at
/// a time.</summary>
/// <param name="world">What is in effect.</param>
/// <param name="load">Reads all sources.</param>
/// <param name="apply">Puts a configuration into effect; null, or why that cannot be.</param>
/// <param name="logger">Where the outcome is said.</param>
internal sealed class Reloader(
    World world,
    Func<ConfigErrors, BalancerOptions> load,
    Func<BalancerOptions, Task<string?>> apply,
    ILogger<Reloader> logger) : IDisposable
{
    private const int MostLogged = 100;

    private readonly SemaphoreSlim _one = new(1);

    // What the last reading of all sources has found, and whether that of the certificates alone was wrong: neither may
    // hide the other.
    private IReadOnlyList<string> _errors = [];
    private bool _areCertificatesWrong;

    /// <summary>Called before all sources are read.</summary>
    public Action? Began { get; init; }

    /// <summary>Called when they have been obeyed or refused.</summary>
    public Action? Ended { get; init; }

    /// <param name="asker">Who wants it, as the log says it.</param>
    public async Task<ReloadResult> ReloadAsync(string asker)
    {
        await _one.WaitAsync();
        try
        {
            Began?.Invoke();
            var errors = new ConfigErrors();
            var result = await ApplyAsync(load(errors), errors);
            (_errors, _areCertificatesWrong) = (result.Errors, false);
            world.Statistics.Reloads.Note(result.Errors);
            Tell(asker, result);
            return result;
        }
        finally
        {
            Ended?.Invoke();
            _one.Release();
        }
    }

    /// <summary>Reads the certificates and keys of the configuration in effect again: a renewed one comes into effect
    /// even where somebody has left a configuration file that is half written.</summary>
    public async Task RefreshFilesAsync()
    {
        await _one.WaitAsync();
        try
        {
            var before = world.Current.Options;
            if (before.Written is null)
            {
                return;
            }

            var errors = new ConfigErrors();
            var options = OptionsBinder.Bind(before.Written, errors);
            if (errors.Errors.Count == 0 && !_areCertificatesWrong && options.Files.SequenceEqual(before.Files))
            {
                return;
            }

            var result = await ApplyAsync(options, errors);
            _areCertificatesWrong = result.Errors.Count > 0;
            Tell(BackendFile.IsAmongChanged(before, options)
                ? "a list of backends has changed"
                : "a certificate has changed", result);
            if (_areCertificatesWrong || _errors.Count == 0)
            {
                world.Statistics.Reloads.Note(result.Errors);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<ReloadResult> ApplyAsync(BalancerOptions options, ConfigErrors errors)
    {
        if (errors.Errors.Count > 0)
        {
            return new ReloadResult(errors.Errors, [], []);
        }

        var before = world.Current.Options;
        IReadOnlyList<string> changes =
        [
            .. ConfigDifferences.Between(before.Effective, options.Effective),
            .. options.Files.Except(before.Files).Where(f => before.Files.Any(b => b.Path == f.Path))
                .Select(f => $"~ {f.Path}: has other content"),
            .. BackendFile.Differences(before, options),
        ];
        if (changes.Count == 0)
        {
            return new ReloadResult([], [], []);
        }

        if (await apply(options) is { } problem)
        {
            return new ReloadResult([problem], [], []);
        }

        foreach (var warning in errors.Warnings)
        {
            ReloadLog.Warned(logger, warning);
        }

        return new ReloadResult([], changes, StartKeys.Changed(before, options));
    }

    private void Tell(string asker, ReloadResult result)
    {
        foreach (var error in result.Errors)
        {
            ReloadLog.Refused(logger, asker, error);
        }

        if (result.Errors.Count == 0)
        {
            ReloadLog.Reloaded(logger, asker, result.Changes.Count);
        }

        foreach (var change in result.Changes.Take(MostLogged))
        {
            ReloadLog.Changed(logger, change);
        }

        if (result.Changes.Count > MostLogged)
        {
            ReloadLog.Changed(logger, $"and {result.Changes.Count - MostLogged} more");
        }

        foreach (var key in result.AtNextStart)
        {
            ReloadLog.AtNextStart(logger, key);
        }
    }
}
