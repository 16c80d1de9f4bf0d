using MiniLB.Config;
using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.RequestPath.Retry;

/// <summary>Decides, when the head of an answer has come, whether it is thrown away because the request is to be sent
/// to
/// another backend.</summary>
/// <remarks>The answer is the client's unless there is somewhere else to go: another backend, and a retry in the
/// budget.</remarks>
/// <param name="statuses">Those that are tried again.</param>
/// <param name="pool">The request's.</param>
/// <param name="tried">Every backend that it was given to, the one that answers included.</param>
/// <param name="budget">Where a retry is taken from; null where the request holds one already.</param>
internal sealed class AnswerGate(StatusSet statuses, PoolSnapshot pool, BackendSet tried, RetryBudget? budget)
{
    /// <summary>True once it has taken a retry, which is the request's from then on.</summary>
    public bool HasTakenBudget { get; private set; }

    public bool Refuses(int status)
    {
        if (!statuses.Contains(status)
            || (Array.TrueForAll(pool.Candidates, tried.Contains) && Array.TrueForAll(pool.Reserve, tried.Contains)))
        {
            return false;
        }

        HasTakenBudget = budget?.TryTake(pool.InFlight) == true;
        return budget is null || HasTakenBudget;
    }
}
