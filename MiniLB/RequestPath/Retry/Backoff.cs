using MiniLB.Config.Options;

namespace MiniLB.RequestPath.Retry;

/// <summary>The wait before the same thing is tried again: full jitter, so that those who failed together do not come
/// back together.</summary>
internal static class Backoff
{
    /// <param name="options">The pool's.</param>
    /// <param name="before">Waits before this one.</param>
    /// <param name="random">From 0 to 1.</param>
    public static TimeSpan Length(RetryOptions options, int before, double random)
    {
        var longest = options.Backoff * Math.Pow(2, before);
        return (longest < options.MaxBackoff ? longest : options.MaxBackoff) * random;
    }

    /// <returns>False where the request has ended meanwhile.</returns>
    public static async ValueTask<bool> WaitAsync(
        RetryOptions options, int before, TimeProvider time, CancellationToken cancellation)
    {
        await Task.Delay(Length(options, before, Random.Shared.NextDouble()), time, cancellation)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellation.IsCancellationRequested;
    }
}
