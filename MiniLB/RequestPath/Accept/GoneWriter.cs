using System.IO.Pipelines;

namespace MiniLB.RequestPath.Accept;

/// <summary>Tells of a client that has gone as the writer of a plain connection does: by a flush that finds its reader
/// complete, not by an exception.</summary>
internal sealed class GoneWriter(PipeWriter inner) : PipeWriter
{
    private static readonly FlushResult Gone = new(isCanceled: false, isCompleted: true);

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override void Advance(int bytes) => inner.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        var flush = inner.FlushAsync(cancellationToken);
        return flush.IsCompletedSuccessfully ? flush : FinishAsync(flush);
    }

    public override ValueTask<FlushResult> WriteAsync(
        ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        var write = inner.WriteAsync(source, cancellationToken);
        return write.IsCompletedSuccessfully ? write : FinishAsync(write);
    }

    private static async ValueTask<FlushResult> FinishAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            return await flush;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return Gone;
        }
    }
}
