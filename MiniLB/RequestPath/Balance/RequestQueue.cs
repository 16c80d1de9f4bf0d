using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>The requests of one pool that wait because every backend has its maxInFlight: first in, first
/// out.</summary>
/// <remarks>Whoever joins looks for room once more after joining, and whoever makes room looks at the queue afterwards:
/// one of the two sees the other. The lock is taken only while someone waits.</remarks>
internal sealed class RequestQueue(QueueOptions options, WaitingCount count)
{
    private readonly Lock _changing = new();
    private readonly LinkedList<QueuedRequest> _waiting = new();

    // Written at a reload, read under the lock.
    private volatile QueueOptions _options = options;

    public int Count => count.Now;

    public QueueOptions Options
    {
        set => _options = value;
    }

    /// <summary>Puts a request at the end, or serves it at once: there may be room that none of those who wait could
    /// use.</summary>
    /// <returns>False where it has to wait and the queue is full.</returns>
    public bool TryJoin(QueuedRequest request)
    {
        lock (_changing)
        {
            request.Place = _waiting.AddLast(request);
            count.Join();
            ServeInOrder(freed: null);
            if (request.Place.List is null || count.Now <= _options.Size)
            {
                return true;
            }

            Remove(request);
            return false;
        }
    }

    /// <summary>Takes a request out that waits no longer, unless its turn has come.</summary>
    public void Leave(QueuedRequest request)
    {
        lock (_changing)
        {
            if (request.Place.List is not null)
            {
                Remove(request);
                request.GiveUp();
            }
        }
    }

    /// <summary>Gives those who wait, in order, what room there is.</summary>
    /// <param name="freed">The one backend where there may be room; null to look everywhere.</param>
    public void Serve(Backend? freed)
    {
        if (Count == 0)
        {
            return;
        }

        lock (_changing)
        {
            ServeInOrder(freed);
        }
    }

    private void ServeInOrder(Backend? freed)
    {
        var isFull = false;
        for (var place = _waiting.First; place is not null;)
        {
            var request = place.Value;
            place = place.Next;
            // Where one that takes any backend found none, the next such one finds none either.
            if (isFull && request.TakesAny)
            {
                continue;
            }

            if (request.TryServe(freed))
            {
                Remove(request);
            }
            else
            {
                isFull |= request.TakesAny;
            }
        }
    }

    private void Remove(QueuedRequest request)
    {
        _waiting.Remove(request.Place);
        count.Leave();
    }
}
