using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace MiniLB.RequestPath.Forward;

/// <summary>Streams the client's body to a backend as it arrives, and tells which side failed.</summary>
internal sealed class RequestBodyContent : HttpContent
{
    private readonly Exchange _exchange;
    private Task _copying = Task.CompletedTask;

    public RequestBodyContent(Exchange exchange)
    {
        _exchange = exchange;
        if (exchange.RequestHeaders.ContentLength is { } length)
        {
            Headers.ContentLength = length;
        }
    }

    /// <summary>True once a byte was consumed: the body cannot be sent a second time.</summary>
    public bool IsTouched { get; private set; }

    /// <summary>What the client's side did wrong, if anything.</summary>
    public ForwardError ClientError { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _copying = CopyAsync(stream, cancellationToken);

    /// <summary>Waits until the body is no longer being read: SocketsHttpHandler may fail while it still is, and
    /// Kestrel
    /// cannot answer before it has the body to itself.</summary>
    public async Task EndAsync()
    {
        if (!_copying.IsCompleted)
        {
            _exchange.RequestBody.CancelPendingRead();
            await _copying.ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private async Task CopyAsync(Stream stream, CancellationToken cancellationToken)
    {
        _exchange.RequestBodyBegun = true;
        var reader = _exchange.RequestBody;
        var timer = _exchange.Timer;
        var idle = _exchange.Pool.Options.Timeouts.Idle;
        // Not by handing the token to the read: after that Kestrel takes the body for being read for ever.
        await using var cancelled = cancellationToken.UnsafeRegister(
            static pipe => ((PipeReader)pipe!).CancelPendingRead(), reader);
        while (true)
        {
            var next = reader.ReadAsync(CancellationToken.None);
            var result = next.IsCompleted
                ? await ReadAsync(next)
                : await FlushAndReadAsync(stream, reader, next.AsTask(), cancellationToken);
            if (result.IsCanceled)
            {
                reader.AdvanceTo(result.Buffer.Start);
                throw new OperationCanceledException(cancellationToken);
            }

            timer.Wait(TimeLimit.BackendTakesBody, idle);
            try
            {
                foreach (var segment in result.Buffer)
                {
                    // An empty buffer still yields one segment.
                    IsTouched |= !segment.IsEmpty;
                    await stream.WriteAsync(segment, cancellationToken);
                }
            }
            finally
            {
                // Also where the backend failed: until then Kestrel takes the body for being read.
                _exchange.BytesIn += result.Buffer.Length;
                reader.AdvanceTo(result.Buffer.End);
            }

            if (result.IsCompleted)
            {
                break;
            }
        }

        await stream.FlushAsync(cancellationToken);
        timer.Wait(TimeLimit.ResponseHead, _exchange.Pool.Options.Timeouts.ResponseHeaders);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _exchange.RequestHeaders.ContentLength ?? -1;
        return length >= 0;
    }

    // The client has no more at the moment: what there is goes out before more is waited for.
    private async ValueTask<ReadResult> FlushAndReadAsync(
        Stream stream, PipeReader reader, Task<ReadResult> next, CancellationToken cancellationToken)
    {
        _exchange.Timer.Wait(TimeLimit.BackendTakesBody, _exchange.Pool.Options.Timeouts.Idle);
        try
        {
            await stream.FlushAsync(cancellationToken);
        }
        catch
        {
            // The read is ended too: Kestrel allows no second one, such as another attempt's, beside it.
            reader.CancelPendingRead();
            reader.AdvanceTo((await ReadAsync(new ValueTask<ReadResult>(next))).Buffer.Start);
            throw;
        }

        _exchange.Timer.Wait(TimeLimit.RequestBody, _exchange.World.Options.Timeouts.Read);
        return await ReadAsync(new ValueTask<ReadResult>(next));
    }

    private async ValueTask<ReadResult> ReadAsync(ValueTask<ReadResult> next)
    {
        try
        {
            return await next;
        }
        catch (BadHttpRequestException e)
        {
            ClientError = e.StatusCode switch
            {
                StatusCodes.Status408RequestTimeout => ForwardError.RequestBodyTimeout,
                StatusCodes.Status413PayloadTooLarge => ForwardError.RequestBodyTooLarge,
                _ => ForwardError.RequestBodyInvalid,
            };
            throw;
        }
        catch (Exception e) when (e is ConnectionResetException or ConnectionAbortedException or IOException)
        {
            ClientError = ForwardError.ClientGone;
            throw;
        }
    }
}
