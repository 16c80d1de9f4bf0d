using System.Buffers;
using System.IO.Pipelines;
using MiniLB.RequestPath.Forward;

namespace MiniLB.RequestPath.Accept;

/// <summary>A request body over HTTP/2 as Kestrel hands it over, with two things that Kestrel's lacks.</summary>
/// <remarks>It ends in an error where it is larger than it may be: Kestrel looks at its own limit when a piece was
/// consumed, after it was passed on. And to cancel its reading never fails.</remarks>
/// <param name="body">The body.</param>
/// <param name="most">Bytes.</param>
internal sealed class Http2ClientBody(PipeReader body, long most) : PipeReader
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

    public override void CancelPendingRead()
    {
        try
        {
            body.CancelPendingRead();
        }
        catch (Exception e) when (BodyErrorRules.Name(e) is not null)
        {
            // Kestrel throws what it aborted the stream with, and that is what the read ends with too.
        }
    }

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
