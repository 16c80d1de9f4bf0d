using System.IO.Pipelines;
using System.Net;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Forward;

/// <summary>Streams the client's body to an HTTP/2 backend as it arrives, and tells which side failed.</summary>
internal sealed class Http2RequestBody(Exchange exchange) : HttpContent
{
    private readonly UploadPace _pace = new(exchange);
    private Task _copying = Task.CompletedTask;

    // Written by the attempt that is over, read by the copying.
    private volatile bool _isEnded;

    /// <summary>True once a byte was consumed: the body cannot be sent a second time.</summary>
    public bool IsTouched { get; private set; }

    /// <summary>What the client's side did wrong, if anything.</summary>
    public ForwardError ClientError { get; private set; }

    /// <summary>Waits until the body is no longer being read: SocketsHttpHandler may be done while it still
    /// is.</summary>
    public async ValueTask EndAsync()
    {
        if (!_copying.IsCompleted)
        {
            _isEnded = true;
            exchange.RequestBody.CancelPendingRead();
            await _copying.ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _copying = CopyAfterAsync(_copying, stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = exchange.RequestLength ?? -1;
        return length >= 0;
    }

    // SocketsHttpHandler sends again by itself what a backend has refused (REFUSED_STREAM, GOAWAY). The rest of a body
    // alone could look like the whole.
    private async Task CopyAfterAsync(Task before, Stream stream, CancellationToken cancellationToken)
    {
        if (!before.IsCompleted)
        {
            exchange.RequestBody.CancelPendingRead();
        }

        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (IsTouched)
        {
            if (!exchange.CanRewindBody)
            {
                throw new IOException("the body was begun and is not kept");
            }

            exchange.RewindBody();
        }

        await CopyAsync(stream, cancellationToken);
    }

    private async Task CopyAsync(Stream stream, CancellationToken cancellationToken)
    {
        var reader = exchange.RequestBody;
        // Not by handing the token to the read: after that the body counts as being read for ever.
        await using var cancelled = cancellationToken.UnsafeRegister(
            static pipe => ((PipeReader)pipe!).CancelPendingRead(), reader);
        if (exchange.AwaitsContinue)
        {
            await exchange.SendInterimAsync(new ResponseHead { Status = 100 });
        }

        while (true)
        {
            var read = await ReadAsync(stream, reader, cancellationToken);
            if (_isEnded || cancellationToken.IsCancellationRequested)
            {
                reader.AdvanceTo(read.Buffer.End);
                throw new OperationCanceledException(cancellationToken);
            }

            _pace.WaitForBackend();
            try
            {
                foreach (var segment in read.Buffer)
                {
                    IsTouched |= !segment.IsEmpty;
                    await stream.WriteAsync(segment, cancellationToken);
                }
            }
            finally
            {
                exchange.BytesIn += read.Buffer.Length;
                reader.AdvanceTo(read.Buffer.End);
            }

            if (read.IsCompleted)
            {
                break;
            }
        }

        await stream.FlushAsync(cancellationToken);
        if (!exchange.IsAnswered)
        {
            exchange.Timer.Wait(TimeLimit.ResponseHead, exchange.Pool.Options.Timeouts.ResponseHeaders);
        }
    }

    // The client has no more at the moment: what there is goes out before more is waited for.
    private async ValueTask<ReadResult> ReadAsync(
        Stream stream, PipeReader reader, CancellationToken cancellationToken)
    {
        var next = reader.ReadAsync(CancellationToken.None).AsTask();
        if (!next.IsCompleted)
        {
            _pace.WaitForBackend();
            await stream.FlushAsync(cancellationToken);
        }

        var began = _pace.BeginWait();
        try
        {
            var read = await next;
            _pace.EndWait(began);
            _pace.Count(read.Buffer.Length);
            return read;
        }
        catch (Exception e) when (BodyErrorRules.Name(e) is { } error)
        {
            ClientError = error;
            throw;
        }
    }
}
