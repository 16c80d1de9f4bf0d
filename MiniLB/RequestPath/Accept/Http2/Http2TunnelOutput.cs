using System.Buffers;
using System.IO.Pipelines;

namespace MiniLB.RequestPath.Accept.Http2;

/// <summary>What a tunnel sends to its client, as the data of a stream.</summary>
internal sealed class Http2TunnelOutput(Http2Exchange exchange) : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _held = new();

    public override void Advance(int bytes) => _held.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _held.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _held.GetSpan(sizeHint);

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        exchange.Write(_held.WrittenSpan);
        _held.ResetWrittenCount();
        return new FlushResult(isCanceled: false, isCompleted: !await exchange.FlushAsync());
    }

    public override void CancelPendingFlush() => throw new NotSupportedException();

    public override void Complete(Exception? exception = null)
    {
        // It ends with its stream.
    }
}
