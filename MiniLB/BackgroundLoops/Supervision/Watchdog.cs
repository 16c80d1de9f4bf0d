namespace MiniLB.BackgroundLoops.Supervision;

/// <summary>Pings the service manager's watchdog, as long as every part of the process shows that it works.</summary>
/// <remarks>On a thread of its own: where the pool is busy, the process still lives.</remarks>
internal sealed class Watchdog
{
    private readonly ServiceNotifier _notifier;
    private readonly IReadOnlyList<LifeSign> _signs;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _period;

    // The beat's.
    private bool _isAsked;
    private bool _isSaid;
    private long _askedAt;

    /// <param name="notifier">Passes the pings on.</param>
    /// <param name="limit">How long the manager waits for one.</param>
    /// <param name="signs">What has to work.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For what does not.</param>
    public Watchdog(
        ServiceNotifier notifier, TimeSpan limit, IReadOnlyList<LifeSign> signs, TimeProvider time, ILogger logger)
    {
        (_notifier, _signs, _time, _logger) = (notifier, signs, time, logger);
        _period = limit / 2; // as sd_watchdog_enabled(3) advises
    }

    /// <summary>Beats on the calling thread until the end.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        // Looked at often, so that an answer that is late is passed on at once.
        var look = TimeSpan.FromMilliseconds(Math.Clamp(_period.TotalMilliseconds / 20, 1, 50));
        while (!cancellationToken.WaitHandle.WaitOne(Beat() ? _period : look))
        {
            // The beat is the work.
        }
    }

    /// <summary>Asks all parts, or looks whether they have answered.</summary>
    /// <returns>True where all have, and the manager was told so.</returns>
    internal bool Beat()
    {
        if (!_isAsked)
        {
            foreach (var sign in _signs)
            {
                sign.Ask();
            }

            (_isAsked, _askedAt) = (true, _time.GetTimestamp());
            return false;
        }

        if (_signs.FirstOrDefault(s => !s.HasAnswered) is { } silent)
        {
            if (!_isSaid && _time.GetElapsedTime(_askedAt) >= _period)
            {
                _isSaid = true;
                SupervisionLog.Silent(_logger, silent.Name);
            }

            return false;
        }

        if (_isSaid)
        {
            SupervisionLog.Answers(_logger);
        }

        (_isAsked, _isSaid) = (false, false);
        _notifier.Ping();
        return true;
    }
}
