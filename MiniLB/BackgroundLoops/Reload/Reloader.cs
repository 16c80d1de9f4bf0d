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

    /// <param name="asker">Who wants it, as the log says it.</param>
    public async Task<ReloadResult> ReloadAsync(string asker)
    {
        await _one.WaitAsync();
        try
        {
            var result = await ReadAndApplyAsync();
            world.Statistics.Reloads.Note(result.Errors);
            Tell(asker, result);
            return result;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<ReloadResult> ReadAndApplyAsync()
    {
        var errors = new ConfigErrors();
        var options = load(errors);
        if (errors.Errors.Count > 0)
        {
            return new ReloadResult(errors.Errors, [], []);
        }

        var before = world.Current.Options;
        var changes = ConfigDifferences.Between(before.Effective, options.Effective);
        if (changes.Count == 0)
        {
            return new ReloadResult([], [], []);
        }

        return await apply(options) is { } problem
            ? new ReloadResult([problem], [], [])
            : new ReloadResult([], changes, StartKeys.Changed(before, options));
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
