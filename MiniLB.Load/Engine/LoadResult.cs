namespace MiniLB.Load.Engine;

/// <summary>What a run came to.</summary>
/// <param name="Elapsed">From the first request that counts to the end of the last.</param>
/// <param name="Timeline">What ended in each second.</param>
/// <param name="Events">What was done to the system under load.</param>
internal sealed record LoadResult(
    TimeSpan Elapsed, Tally Total, IReadOnlyList<Interval> Timeline, IReadOnlyList<RunEvent> Events);

/// <summary>Something done to the system under load.</summary>
/// <param name="Second">When, in seconds from the beginning of what is counted.</param>
internal sealed record RunEvent(double Second, string What);
