using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.BackgroundLoops.Health;

/// <summary>One backend under probe: how healthy it is and when it is probed next. Used by one probe at a
/// time.</summary>
internal sealed class ProbeTarget
{
    // Programs that are started together are up within seconds of each other, in any order. So a backend that has not
    // been up yet is probed at the fast interval so often.
    private int _earlyProbes = 30;

    private int _health;

    // Set by the beat, cleared by the end of the probe, after it has written Due.
    private volatile bool _isProbing;

    // Set by the beat: another target has come in its place, or the backend has left.
    private volatile bool _isRetired;

    private bool _isFirst;

    // What the checker was made for beside the options of the probes.
    private readonly BackendProtocol _http;
    private readonly BackendTlsOptions _tls;
    private readonly ProxyProtocolVersion _introduction;
    private readonly PoolLimitOptions _limits;
    private readonly string _name;

    /// <param name="pool">That of the backend.</param>
    /// <param name="backend">Which one.</param>
    /// <param name="checker">Made for these options.</param>
    public ProbeTarget(PoolOptions pool, Backend backend, HealthChecker checker)
    {
        (Options, Backend, Checker) = (pool.HealthCheck, backend, checker);
        (_http, _tls, _introduction, _limits) = (pool.Http, pool.Tls, pool.SendProxyProtocol, pool.Limits);
        _name = backend.Address.ServerName;
        _health = Options.Initial == InitialHealth.Up
            ? HealthRules.Highest(Options.Rise, Options.Fall)
            : HealthRules.Lowest;
        _isFirst = Options.Initial == InitialHealth.Probe;
    }

    /// <summary>Goes on where another one stands, with other options.</summary>
    public ProbeTarget(PoolOptions pool, Backend backend, HealthChecker checker, ProbeTarget before)
        : this(pool, backend, checker)
    {
        var isCounted = before.Options.Rise == Options.Rise && before.Options.Fall == Options.Fall;
        _health = isCounted ? before._health
            : before.IsUp ? HealthRules.Highest(Options.Rise, Options.Fall)
            : HealthRules.Lowest;
        (_isFirst, _earlyProbes, WasProbed) = (before._isFirst, before._earlyProbes, before.WasProbed);
        (Due, ProbedAt) = (before.ProbedAt + Options.FastInterval, before.ProbedAt);
    }

    public Backend Backend { get; }

    public HealthCheckOptions Options { get; }

    public HealthChecker Checker { get; }

    /// <summary>True once what it finds counts no more.</summary>
    public bool IsRetired
    {
        get => _isRetired;
        set => _isRetired = value;
    }

    public bool WasProbed { get; private set; }

    /// <summary>True where the last probe said nothing about the backend.</summary>
    public bool IsUnknown { get; set; }

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

    /// <returns>True where it probes as these options want it.</returns>
    public bool IsOf(PoolOptions pool) => Options == pool.HealthCheck && _http == pool.Http && _tls == pool.Tls
        && _introduction == pool.SendProxyProtocol && _limits == pool.Limits && _name == Backend.Address.ServerName;

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
