namespace MiniLB.State;

/// <summary>Hands finished spans to the loop that sends them. What does not fit is dropped and counted: no request
/// waits for a collector.</summary>
internal sealed class SpanQueue
{
    private const int Capacity = 4096;

    private readonly Ring<Span> _ring = new(Capacity);

    // Written by request threads and by the loop.
    private long _dropped;

    public long Dropped => Volatile.Read(ref _dropped);

    public void Add(Span span)
    {
        if (!_ring.TryAdd(span))
        {
            Drop(1);
        }
    }

    /// <summary>Takes what there is, up to a number. For the loop alone.</summary>
    public List<Span> Take(int most)
    {
        var spans = new List<Span>();
        while (spans.Count < most && _ring.TryTake(out var span))
        {
            spans.Add(span);
        }

        return spans;
    }

    public void Drop(int spans) => Interlocked.Add(ref _dropped, spans);
}
