using MiniLB.State;

namespace MiniLB.RequestPath.Forward;

/// <summary>What a forwarder keeps for each backend that it has met, found by the backend's index.</summary>
/// <remarks>Read without a lock. The array is replaced when it grows, its entries when a place has passed on to another
/// backend.</remarks>
internal sealed class PerBackend<T>(Func<T> make)
    where T : class, IDisposable
{
    private readonly Lock _changing = new();
    private volatile Entry?[] _entries = [];

    public IEnumerable<(Backend Backend, T Value)> All
    {
        get
        {
            foreach (var entry in _entries)
            {
                if (entry is not null)
                {
                    yield return (entry.Backend, entry.Value);
                }
            }
        }
    }

    public T Of(Backend backend)
    {
        var entries = _entries;
        return backend.Index < entries.Length && entries[backend.Index] is { } entry && entry.Backend == backend
            ? entry.Value
            : Add(backend);
    }

    /// <returns>What was kept for it; null where nothing was.</returns>
    public T? Remove(Backend backend)
    {
        lock (_changing)
        {
            var entries = _entries;
            if (backend.Index >= entries.Length || entries[backend.Index] is not { } entry || entry.Backend != backend)
            {
                return null;
            }

            entries[backend.Index] = null;
            return entry.Value;
        }
    }

    private T Add(Backend backend)
    {
        Entry? displaced;
        T value;
        lock (_changing)
        {
            var entries = _entries;
            if (backend.Index >= entries.Length)
            {
                Array.Resize(ref entries, Math.Max(backend.Index + 1, entries.Length * 2));
            }

            displaced = entries[backend.Index];
            if (displaced?.Backend == backend)
            {
                return displaced.Value; // another request was faster
            }

            value = make();
            entries[backend.Index] = new Entry(backend, value);
            _entries = entries;
        }

        // Its backend has left and had nothing in flight: else the place would be its own still.
        displaced?.Value.Dispose();
        return value;
    }

    private sealed record Entry(Backend Backend, T Value);
}
