namespace MiniLB.Transport;

/// <summary>Places for kept connections, as many as are needed up to a bound. Many take and give back at once, without
/// a lock.</summary>
/// <remarks>The lowest are the busiest, so that connections which a past peak has left behind stay idle in the higher
/// ones until their time is over.</remarks>
internal sealed class KeptSlots
{
    // More are closed instead of kept: a bound on descriptors that a peak leaves behind.
    private const int Most = 1024;
    private const int BlockSize = 32;

    // Made when first needed: a backend that is seldom used costs little.
    private readonly BackendConnection?[]?[] _blocks = new BackendConnection?[]?[Most / BlockSize];

    // Slots at and above it have never been used. Written by whoever fills a slot, read by all.
    private int _highest;

    /// <summary>How many there may be something in.</summary>
    public int Count => Volatile.Read(ref _highest);

    /// <summary>Takes out what is in a slot below <see cref="Count"/>: a connection has one owner.</summary>
    /// <returns>Null where there is nothing.</returns>
    public BackendConnection? Take(int slot)
    {
        if (_blocks[slot / BlockSize] is not { } block)
        {
            return null;
        }

        ref var place = ref block[slot % BlockSize];
        return place is null ? null : Interlocked.Exchange(ref place, null);
    }

    /// <returns>The slot that it is in now; negative where all are full.</returns>
    public int Put(BackendConnection connection)
    {
        for (var slot = 0; slot < Most; slot++)
        {
            var block = _blocks[slot / BlockSize] ?? Made(ref _blocks[slot / BlockSize]);
            ref var place = ref block[slot % BlockSize];
            if (place is null && Interlocked.CompareExchange(ref place, connection, null) is null)
            {
                Raise(slot + 1);
                return slot;
            }
        }

        return -1;
    }

    private static BackendConnection?[] Made(ref BackendConnection?[]? block)
    {
        var made = new BackendConnection?[BlockSize];
        return Interlocked.CompareExchange(ref block, made, null) ?? made;
    }

    private void Raise(int to)
    {
        var highest = Volatile.Read(ref _highest);
        while (highest < to)
        {
            var before = Interlocked.CompareExchange(ref _highest, to, highest);
            if (before == highest)
            {
                return;
            }

            highest = before;
        }
    }
}
