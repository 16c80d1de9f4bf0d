namespace MiniLB.State;

/// <summary>Hands entries from many request threads to the one reader without a lock or an allocation.</summary>
/// <remarks>A bounded queue after Dmitry Vyukov: each slot's turn says whose it is. Turn n: free for the n-th entry;
/// n + 1: holds it. A full queue refuses, it never waits. What is not used is never touched, so that the system has no
/// memory to give for it.</remarks>
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
    }

    public bool IsEmpty => TurnOf(_slots, _tail & _mask) != _tail + 1;

    public long Count => Volatile.Read(ref _head) - Volatile.Read(ref _tail);

    /// <returns>False where the ring is full.</returns>
    public bool TryAdd(in T entry)
    {
        while (true)
        {
            var head = Volatile.Read(ref _head);
            var place = head & _mask;
            var turn = TurnOf(_slots, place);
            if (turn == head)
            {
                if (Interlocked.CompareExchange(ref _head, head + 1, head) == head)
                {
                    _slots[place].Entry = entry;
                    SetTurn(_slots, place, head + 1);
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
        var place = _tail & _mask;
        if (TurnOf(_slots, place) != _tail + 1)
        {
            entry = default!;
            return false;
        }

        entry = _slots[place].Entry;
        _slots[place].Entry = default!;
        SetTurn(_slots, place, _tail + _slots.Length);
        _tail++;
        return true;
    }

    private static long TurnOf(Slot[] slots, long place) => Volatile.Read(ref slots[place].TurnLessPlace) + place;

    private static void SetTurn(Slot[] slots, long place, long turn) =>
        Volatile.Write(ref slots[place].TurnLessPlace, turn - place);

    private struct Slot
    {
        // Zero at first: a slot's first turn is its place.
        public long TurnLessPlace;
        public T Entry;
    }
}
