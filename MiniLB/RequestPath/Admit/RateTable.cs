namespace MiniLB.RequestPath.Admit;

/// <summary>Remembers when the next request of each key is due, of so many keys and no more.</summary>
/// <remarks>
/// <para>A key has its place in one set of eight entries. Where it finds none of its own there, it takes the one that
/// is due first: one that is due by now holds no information, so that nothing is lost. With as many keys in use at once
/// as the table is made for, sets are half full on average, and fewer than one key in a hundred is without a place of
/// its own; it then begins anew with a whole allowance. That is all that a flood of keys can do to others: it never
/// makes them wait. A key that is at its limit is the last to go.</para>
/// <para>No lock: an entry changes hands by an exchange of its key, and is charged by an exchange of its time. The time
/// is read before the key, so that two requests which bring the same new key choose the same entry, and one of them
/// finds the key there. Where an entry changes hands while it is charged, a charge may fall to the new key or get
/// lost.</para>
/// <para>System.Threading.RateLimiting was measured for it (.NET 10, a PartitionedRateLimiter of token buckets): 120 ns
/// and 160 bytes a request with one key, 1.0 us with a million keys, all requests behind one lock, and 290 bytes
/// a key for at least 10 s, however many keys come: a flood of a million keys a second would take 2.9 GB.</para>
/// </remarks>
internal sealed class RateTable
{
    private const int Ways = 8;

    // Entries for each key that is to be told apart.
    private const int Room = 2;

    private readonly Entry[] _entries;
    private readonly ulong _sets;

    /// <param name="keys">At least 1.</param>
    public RateTable(int keys)
    {
        _sets = ((ulong)keys * Room + Ways - 1) / Ways;
        _entries = new Entry[_sets * Ways];
    }

    /// <summary>Bytes that it takes, from the start on.</summary>
    public long Bytes => _entries.LongLength * 2 * sizeof(long);

    /// <summary>Charges a request to its key, or refuses it.</summary>
    /// <param name="hash">The key's, made with a secret of this process.</param>
    /// <param name="now">When the request comes.</param>
    /// <param name="rules">What a key may do.</param>
    /// <param name="ahead">How far the time lies ahead at which the key's next request is due.</param>
    public bool Passes(ulong hash, long now, in CellRateRules rules, out long ahead)
    {
        ref var entry = ref Find(hash, now);
        while (true)
        {
            var due = Volatile.Read(ref entry.Due);
            if (!rules.Passes(due, now, out var next))
            {
                ahead = due - now;
                return false;
            }

            if (Interlocked.CompareExchange(ref entry.Due, next, due) == due)
            {
                ahead = next - now;
                return true;
            }
        }
    }

    private ref Entry Find(ulong hash, long now)
    {
        // 0 is no key.
        var key = hash == 0 ? 1 : (long)hash;
        var set = _entries.AsSpan((int)Math.BigMul(hash, _sets, out _) * Ways, Ways);
        while (true)
        {
            var first = 0;
            var (firstKey, firstDue) = (0L, long.MaxValue);
            for (var i = 0; i < Ways; i++)
            {
                var due = Volatile.Read(ref set[i].Due);
                var known = Volatile.Read(ref set[i].Key);
                if (known == key)
                {
                    return ref set[i];
                }

                if (due < firstDue)
                {
                    (first, firstKey, firstDue) = (i, known, due);
                }
            }

            ref var entry = ref set[first];
            if (Interlocked.CompareExchange(ref entry.Key, key, firstKey) == firstKey)
            {
                if (firstDue > now)
                {
                    // What another key has used up is not this one's.
                    Volatile.Write(ref entry.Due, now);
                }

                return ref entry;
            }
        }
    }

    private struct Entry
    {
        public long Key;
        public long Due;
    }
}
