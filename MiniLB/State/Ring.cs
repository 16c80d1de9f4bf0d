namespace MiniLB.State;

/// <summary>Hands entries from many request threads to the one reader without a lock or an allocation.</summary>
/// <remarks>A bounded queue after Dmitry Vyukov: each slot's turn says whose it is. Turn n: free for the n-th entry;
/// n + 1: holds it. A full queue refuses, it never waits.</remarks>
internal sealed class Ring<T>
{
    private readonly Slot[] _slots;
    private readonly int _mask;

    // Written by request threads.
    private long _head;

    // Written by the reader alone.
    private long _tail;

    /// <param name="capacity">A power of two.</param>
    public Ring(int capacity)
    {
        _slots = new Slot[capacity];
        _mask = capacity - 1;
        for (var i = 0; i < capacity; i++)
        {
            _slots[i].Turn = i;
        }
    }

    public bool IsEmpty => Volatile.Read(ref _slots[_tail & _mask].Turn) != _tail + 1;

    public long Count => Volatile.Read(ref _head) - Volatile.Read(ref _tail);

    /// <returns>False where the ring is full.</returns>
    public bool TryAdd(in T entry)
    {
        while (true)
        {
            var head = Volatile.Read(ref _head);
            ref var slot = ref _slots[head & _mask];
            var turn = Volatile.Read(ref slot.Turn);
            if (turn == head)
            {
                if (Interlocked.CompareExchange(ref _head, head + 1, head) == head)
                {
                    slot.Entry = entry;
                    Volatile.Write(ref slot.Turn, head + 1);
                    return true;
                }
            }
            else if (turn < head)
            {
                return false;
            }
        }
    }

    public bool TryTake(out T entry)
    {
        ref var slot = ref _slots[_tail & _mask];
        if (Volatile.Read(ref slot.Turn) != _tail + 1)
        {
            entry = default!;
            return false;
        }

        entry = slot.Entry;
        slot.Entry = default!;
        Volatile.Write(ref slot.Turn, _tail + _slots.Length);
        _tail++;
        return true;
    }

    private struct Slot
    {
        public long Turn;
        public T Entry;
    }
}
