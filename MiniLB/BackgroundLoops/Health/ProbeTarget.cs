using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.BackgroundLoops.Health;

/// <summary>One backend under probe: how healthy it is and when it is probed next. Used by one probe at a
/// time.</summary>
internal sealed class ProbeTarget(Backend backend, HealthCheckOptions options, HealthChecker checker)
{
    // Programs that are started together are up within seconds of each other, in any order. So a backend that has not
    // been up yet is probed at the fast interval so often.
    private int _earlyProbes = 30;

    private int _health = options.Initial == InitialHealth.Up
        ? HealthRules.Highest(options.Rise, options.Fall)
        : HealthRules.Lowest;

    // Set by the beat, cleared by the end of the probe, after it has written Due.
    private volatile bool _isProbing;

    private bool _isFirst = options.Initial == InitialHealth.Probe;

    public Backend Backend { get; } = backend;

    public HealthCheckOptions Options { get; } = options;

    public HealthChecker Checker { get; } = checker;

    public bool WasProbed { get; private set; }

    public bool IsUp => HealthRules.IsUp(_health, Options.Rise);

    public bool IsProbing
    {
        get => _isProbing;
        set => _isProbing = value;
    }

    /// <summary>On the clock that nobody sets (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public TimeSpan Due { get; set; }

    /// <summary>When the last probe began; on the same clock.</summary>
    public TimeSpan ProbedAt { get; set; }

    /// <returns>True where the backend changed between up and down.</returns>
    public bool Record(bool passed)
    {
        var wasUp = IsUp;
        WasProbed = true;
        if (_isFirst)
        {
            _isFirst = false;
            _health = passed ? HealthRules.Highest(Options.Rise, Options.Fall) : HealthRules.Lowest;
        }
        else
        {
            _health = HealthRules.Next(_health, passed, Options.Rise, Options.Fall);
        }

        _earlyProbes = IsUp ? 0 : Math.Max(0, _earlyProbes - 1);
        return IsUp != wasUp;
    }

    /// <param name="random">From 0 to 1.</param>
    /// <returns>The wait until the next probe.</returns>
    public TimeSpan Wait(double random)
    {
        var wait = IsUp ? Options.Interval : Options.DownInterval;
        var isInTransition = HealthRules.IsInTransition(_health, Options.Rise, Options.Fall) || _earlyProbes > 0;
        if (isInTransition && Options.FastInterval < wait)
        {
            wait = Options.FastInterval;
        }

        return wait * (1 + (Options.Jitter * ((2 * random) - 1)));
    }
}
