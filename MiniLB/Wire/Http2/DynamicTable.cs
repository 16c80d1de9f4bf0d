namespace MiniLB.Wire.Http2;

/// <summary>The fields that the other side has had remembered (RFC 7541 section 2.3.2); the newest is the
/// first.</summary>
internal sealed class DynamicTable
{
    private const int Overhead = 32;

    private byte[] _bytes = [];
    private Entry[] _entries = [];
    private int _used;
    private int _oldest;
    private int _size;
    private readonly int _most;
    private int _limit;

    /// <param name="most">The size that the other side may use at most, counted as section 4.1 does.</param>
    public DynamicTable(int most) => (_most, _limit) = (most, most);

    public int Count { get; private set; }

    /// <param name="index">From 0.</param>
    /// <param name="name">Valid until the table is emptied.</param>
    /// <param name="value">The same.</param>
    public void Get(int index, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var entry = _entries[(_oldest + Count - 1 - index) % _entries.Length];
        name = _bytes.AsSpan(entry.Start, entry.Name);
        value = _bytes.AsSpan(entry.Start + entry.Name, entry.Value);
    }

    /// <summary>Obeys the other side, which wants to use less of it, or more again.</summary>
    /// <returns>False where that is more than it may.</returns>
    public bool TryLimit(int limit)
    {
        if (limit > _most)
        {
            return false;
        }

        _limit = limit;
        Evict(0);
        return true;
    }

    /// <remarks>What is given may be of the table itself, and stays as it is while it is added.</remarks>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var length = name.Length + value.Length;
        Evict(length + Overhead);
        if (length + Overhead > _limit)
        {
            return; // It has emptied the table, which is no error (section 4.4).
        }

        MakeRoom(length);
        name.CopyTo(_bytes.AsSpan(_used));
        value.CopyTo(_bytes.AsSpan(_used + name.Length));
        _entries[(_oldest + Count) % _entries.Length] = new Entry(_used, name.Length, value.Length);
        Count++;
        _used += length;
        _size += length + Overhead;
    }

    private void Evict(int more)
    {
        while (Count > 0 && _size + more > _limit)
        {
            var entry = _entries[_oldest];
            _size -= entry.Name + entry.Value + Overhead;
            _oldest = (_oldest + 1) % _entries.Length;
            Count--;
        }
    }

    private void MakeRoom(int length)
    {
        if (_used + length > _bytes.Length)
        {
            // A new piece of memory: what is being added may be in the old one.
            var live = _size - (Count * Overhead);
            var bytes = new byte[Math.Clamp((live + length) * 2, 512, Math.Max(512, _most * 2))];
            var start = _used - live;
            _bytes.AsSpan(start, live).CopyTo(bytes);
            for (var i = 0; i < Count; i++)
            {
                ref var entry = ref _entries[(_oldest + i) % _entries.Length];
                entry = entry with { Start = entry.Start - start };
            }

            (_bytes, _used) = (bytes, live);
        }

        if (Count == _entries.Length)
        {
            var entries = new Entry[Math.Max(8, Count * 2)];
            for (var i = 0; i < Count; i++)
            {
                entries[i] = _entries[(_oldest + i) % _entries.Length];
            }

            (_entries, _oldest) = (entries, 0);
        }
    }

    private readonly record struct Entry(int Start, int Name, int Value);
}
