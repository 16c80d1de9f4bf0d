namespace MiniLB.State;

/// <summary>Counts the lines of the access log that were dropped, over all files that a reload has it written
/// to.</summary>
internal sealed class LineCount
{
    // Written by whoever drops: request threads and the log's writer.
    private long _lines;

    public long Lines => Volatile.Read(ref _lines);

    public void Add(long lines) => Interlocked.Add(ref _lines, lines);
}
