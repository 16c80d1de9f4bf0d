namespace MiniLB.BackgroundLoops.Statistics;

/// <summary>Has rates and recent latencies worked out once a second, so that no request has to.</summary>
internal sealed class StatisticsLoop(State.Statistics statistics, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var beats = new Beats(Period, time, cancellationToken);
        for (var last = time.GetTimestamp(); await beats.NextAsync();)
        {
            var now = time.GetTimestamp();
            // Two ticks may fall together where the machine was busy.
            if (time.GetElapsedTime(last, now) is var elapsed && elapsed > Period / 2)
            {
                statistics.Tick(elapsed);
                last = now;
            }
        }
    }
}
