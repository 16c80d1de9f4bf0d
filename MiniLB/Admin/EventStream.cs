namespace MiniLB.Admin;

/// <summary>What one watcher is told; used by one request.</summary>
internal sealed class EventStream(EventFeed feed) : IDisposable
{
    public const string ContentType = "text/event-stream";

    private EventMoment _seen = feed.Latest;

    /// <summary>Waits for what this stream has not told yet.</summary>
    /// <returns>Null where there will be nothing more, or nobody to tell it to.</returns>
    public async ValueTask<byte[]?> NextAsync(CancellationToken gone)
    {
        if (ReferenceEquals(_seen, feed.Latest))
        {
            try
            {
                await _seen.Passed.WaitAsync(gone);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }

        _seen = feed.Latest;
        return _seen.Text;
    }

    public void Dispose() => feed.Close();
}
