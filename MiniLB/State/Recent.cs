namespace MiniLB.State;

/// <summary>The last so many of something; who adds never waits.</summary>
internal sealed class Recent<T>(int capacity)
    where T : class
{
    private readonly T?[] _slots = new T?[capacity];
    private long _added;

    public void Add(T item) => Volatile.Write(ref _slots[(Interlocked.Increment(ref _added) - 1) % capacity], item);

    /// <summary>What is there now, the newest first.</summary>
    public List<T> Newest()
    {
        var found = new List<T>();
        var added = Volatile.Read(ref _added);
        for (var i = added - 1; i >= 0 && i >= added - capacity; i--)
        {
            // Null where somebody has taken the place and not filled it yet.
            if (Volatile.Read(ref _slots[i % capacity]) is { } item)
            {
                found.Add(item);
            }
        }

        return found;
    }
}
