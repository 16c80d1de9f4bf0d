using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.RequestPath.Retry;

/// <summary>Bounds how much of a pool's work is repetition, so that retries cannot turn a fault into an
/// overload.</summary>
/// <remarks>Requests being sent again at once: a share of those in flight for the first time, or three where that is
/// more (after Envoy and Linkerd).</remarks>
internal sealed class RetryBudget(RetryOptions options)
{
    // Written at a reload, read by requests.
    private volatile RetryOptions _options = options;

    private const int Least = 3;

    /// <summary>One that finds the budget used up waits for a moment: when a backend dies under load, its requests come
    /// back all at once, and a retry takes no longer than a request. About a second in all.</summary>
    public const int MostWaits = 10;

    private int _used;

    public RetryOptions Options
    {
        set => _options = value;
    }

    public int Used => Volatile.Read(ref _used);

    /// <param name="inFlight">Requests that the pool's backends are serving, those that are sent again
    /// included.</param>
    /// <returns>False where the budget is used up; then nothing was taken.</returns>
    public bool TryTake(int inFlight)
    {
        // A share of the first sends: were repetitions counted too, they would make room for more of their kind. Who is
        // refused must not count, not even for a moment: another would be refused what is free.
        for (var used = Used; used + 1 <= Math.Max(Least, (inFlight - used) * _options.Budget);)
        {
            var seen = Interlocked.CompareExchange(ref _used, used + 1, used);
            if (seen == used)
            {
                return true;
            }

            used = seen;
        }

        return false;
    }

    /// <returns>False where nothing became free in time.</returns>
    public async ValueTask<bool> TryTakeAsync(PoolSnapshot pool, TimeProvider time, CancellationToken cancellation)
    {
        for (var wait = 0; !TryTake(pool.InFlight); wait++)
        {
            if (wait == MostWaits || !await Backoff.WaitAsync(_options, wait, time, cancellation))
            {
                return false;
            }
        }

        return true;
    }

    public void GiveBack() => Interlocked.Decrement(ref _used);
}
