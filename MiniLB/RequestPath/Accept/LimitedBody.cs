using System.Buffers;
using System.IO.Pipelines;
using MiniLB.RequestPath.Forward;

namespace MiniLB.RequestPath.Accept;

/// <summary>A request body over HTTP/2 that ends in an error where it is larger than it may be.</summary>
/// <remarks>Kestrel has a limit of its own, which it looks at when a piece was consumed: after it was passed
/// on.</remarks>
/// <param name="body">The body.</param>
/// <param name="most">Bytes.</param>
internal sealed class LimitedBody(PipeReader body, long most) : PipeReader
{
    private ReadOnlySequence<byte> _read;
    private long _consumed;

    public override bool TryRead(out ReadResult result)
    {
        var isRead = body.TryRead(out result);
        if (isRead)
        {
            Check(result);
        }

        return isRead;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var read = body.ReadAsync(cancellationToken);
        if (!read.IsCompletedSuccessfully)
        {
            return CheckAsync(read);
        }

        // An error comes with the result, as that of any reader.
        var result = read.Result;
        return IsTooLarge(result)
            ? CheckAsync(new ValueTask<ReadResult>(result))
            : new ValueTask<ReadResult>(Check(result));
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _consumed += _read.Slice(0, consumed).Length;
        _read = default;
        body.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => body.CancelPendingRead();

    public override void Complete(Exception? exception = null) => body.Complete(exception);

    private bool IsTooLarge(in ReadResult result) => _consumed + result.Buffer.Length > most;

    private async ValueTask<ReadResult> CheckAsync(ValueTask<ReadResult> read) => Check(await read);

    private ReadResult Check(ReadResult result)
    {
        if (IsTooLarge(result))
        {
            body.AdvanceTo(result.Buffer.End);
            throw new RequestBodyException(ForwardError.RequestBodyTooLarge);
        }

        _read = result.Buffer;
        return result;
    }
}
