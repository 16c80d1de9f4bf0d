using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Load.Picks;

/// <summary>Least connections by a heap of the backends in rotation, behind a lock: measured against the scan that
/// MiniLB has.</summary>
/// <remarks>It counts for itself what is in flight, because the heap has to move with each change. Of backends with the same
/// load the one that was picked longest ago comes first.</remarks>
internal sealed class HeapStrategy : BalanceStrategy
{
    private readonly Lock _moving = new();
    private readonly Entry[] _heap;
    private readonly int[] _places;
    private long _picks;

    public HeapStrategy(PoolSnapshot pool)
    {
        _heap = new Entry[pool.Candidates.Length];
        _places = new int[pool.All.Length];
        for (var i = 0; i < _heap.Length; i++)
        {
            Put(i, new Entry(pool.Candidates[i], pool.Shares[i], 0, 0));
        }
    }

    public override string Name => "leastConnections, heap";

    public override bool Observes => true;

    public override Backend? Pick(PoolSnapshot pool, in PickRequest request)
    {
        lock (_moving)
        {
            var least = _heap[0];
            Sink(0, least with { InFlight = least.InFlight + 1, Picked = ++_picks });
            return least.Backend;
        }
    }

    /// <summary>An attempt has ended.</summary>
    public override void Observe(Backend backend, TimeSpan firstByte, Verdict verdict)
    {
        lock (_moving)
        {
            var place = _places[backend.Index];
            Rise(place, _heap[place] with { InFlight = _heap[place].InFlight - 1 });
        }
    }

    private void Sink(int place, Entry entry)
    {
        while ((2 * place) + 1 < _heap.Length)
        {
            var child = (2 * place) + 1;
            if (child + 1 < _heap.Length && _heap[child + 1].IsBefore(_heap[child]))
            {
                child++;
            }

            if (!_heap[child].IsBefore(entry))
            {
                break;
            }

            Put(place, _heap[child]);
            place = child;
        }

        Put(place, entry);
    }

    private void Rise(int place, Entry entry)
    {
        while (place > 0 && entry.IsBefore(_heap[(place - 1) / 2]))
        {
            Put(place, _heap[(place - 1) / 2]);
            place = (place - 1) / 2;
        }

        Put(place, entry);
    }

    private void Put(int place, Entry entry)
    {
        _heap[place] = entry;
        _places[entry.Backend.Index] = place;
    }

    private readonly record struct Entry(Backend Backend, int Share, int InFlight, long Picked)
    {
        public bool IsBefore(in Entry other)
        {
            var (one, two) = ((long)(InFlight + 1) * other.Share, (long)(other.InFlight + 1) * Share);
            return one < two || (one == two && Picked < other.Picked);
        }
    }
}
