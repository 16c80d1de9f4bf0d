using MiniLB.Config.Options;

namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>One source, and when it is looked up next. Never looked up twice at once.</summary>
internal sealed class DiscoveryTarget(BackendSource source)
{
    // Where all were started together, they shall not ask together for ever.
    private const double Jitter = 0.1;

    /// <summary>With the shortest refresh of all pools that have it.</summary>
    public BackendSource Source { get; private set; } = source;

    /// <summary>The last good answers. Of the look-up under way.</summary>
    public KeptAddresses Kept { get; set; } = new();

    /// <summary>On the clock that nobody sets (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public TimeSpan Due { get; set; }

    /// <summary>The look-up under way, or the last one.</summary>
    public Task Lookup { get; set; } = Task.CompletedTask;

    /// <summary>True once what it finds counts no more.</summary>
    public bool IsRetired { get; set; }

    /// <summary>Goes on as another configuration wants it; a shorter refresh counts at once.</summary>
    public void Follow(BackendSource source, TimeSpan now)
    {
        if (source.Refresh < Source.Refresh && now + source.Refresh < Due)
        {
            Due = now + source.Refresh;
        }

        Source = source;
    }

    /// <param name="random">From 0 to 1.</param>
    /// <returns>The wait until the next look-up.</returns>
    public TimeSpan Wait(double random) => Source.Refresh * (1 + (Jitter * ((2 * random) - 1)));
}
