namespace MiniLB.State;

/// <summary>Requests and failures of the last moments, in ten parts of which the oldest is forgotten as time goes
/// on.</summary>
internal sealed class SlidingCounts(TimeSpan window)
{
    private const int Parts = 10;

    private readonly (int Requests, int Failures)[] _parts = new (int, int)[Parts];
    private long _newest;

    /// <param name="now">Never earlier than before.</param>
    /// <param name="failed">What to add.</param>
    /// <returns>The counts of the window that ends now.</returns>
    public (int Requests, int Failures) Add(TimeSpan now, bool failed)
    {
        var part = now.Ticks * Parts / window.Ticks;
        for (var old = Math.Max(_newest + 1, part - Parts + 1); old <= part; old++)
        {
            _parts[old % Parts] = default;
        }

        _newest = Math.Max(_newest, part);
        ref var current = ref _parts[_newest % Parts];
        current = (current.Requests + 1, current.Failures + (failed ? 1 : 0));
        var (requests, failures) = (0, 0);
        foreach (var counted in _parts)
        {
            requests += counted.Requests;
            failures += counted.Failures;
        }

        return (requests, failures);
    }

    public void Clear() => Array.Clear(_parts);
}
