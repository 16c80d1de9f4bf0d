using System.IO.Pipelines;
using System.Net;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Forward;

/// <summary>Streams the client's body to an HTTP/2 backend as it arrives, and tells which side failed.</summary>
/// <remarks>SocketsHttpHandler sends it again by itself where a backend has refused the stream (REFUSED_STREAM,
/// GOAWAY).</remarks>
internal sealed class Http2RequestBody(Exchange exchange) : HttpContent
{
    /// <summary>How long a copying waits for the reason why its stream has ended, which comes a moment later, on
    /// another thread: until the copying has ended the stream counts as open.</summary>
    internal static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(1);

    private readonly UploadPace _pace = new(exchange);
    private Task _copying = Task.CompletedTask;

    // Completed by whoever ends a copying, and by the copying after it.
    private TaskCompletionSource _over = new();

    /// <summary>True once a byte was taken: where it is not kept, the body cannot be sent a second time.</summary>
    public bool IsTouched { get; private set; }

    /// <summary>What the client's side did wrong, if anything.</summary>
    public ForwardError ClientError { get; private set; }

    /// <summary>Waits until the body is no longer being read: SocketsHttpHandler may be done while it still
    /// is.</summary>
    public ValueTask EndAsync()
    {
        _over.TrySetResult();
        return StopAsync(_copying);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource();
        Interlocked.Exchange(ref _over, over).TrySetResult();
        return _copying = CopyAfterAsync(_copying, over.Task, stream, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = exchange.RequestLength ?? -1;
        return length >= 0;
    }

    private async ValueTask StopAsync(Task copying)
    {
        if (!copying.IsCompleted)
        {
            exchange.RequestBody.CancelPendingRead();
            await copying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CopyAfterAsync(
        Task before, Task over, Stream stream, CancellationToken cancellationToken)
    {
        await StopAsync(before);
        if (IsTouched)
        {
            if (!exchange.CanRewindBody)
            {
                // The rest alone could look like the whole body.
                throw new IOException("the body was begun and is not kept");
            }

            exchange.RewindBody();
        }

        try
        {
            await CopyAsync(over, stream, cancellationToken);
        }
        catch when (cancellationToken.IsCancellationRequested && ClientError == ForwardError.None)
        {
            // The stream has ended. SocketsHttpHandler goes by what it hears of first, this or the reason, and only the
            // reason says whether the backend has begun.
            await over.WaitAsync(LongestHold, exchange.Timer.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async Task CopyAsync(Task over, Stream stream, CancellationToken cancellationToken)
    {
        // What was to wake it up may have woken the copying before.
        ThrowIfOver(over, cancellationToken);
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
            try
            {
                ThrowIfOver(over, cancellationToken);
                _pace.WaitForBackend();
                foreach (var segment in read.Buffer)
                {
                    await stream.WriteAsync(segment, cancellationToken);
                }
            }
            finally
            {
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
            exchange.Timer.Wait(TimeLimit.ResponseHead, exchange.Timeouts.ResponseHeaders);
        }
    }

    private static void ThrowIfOver(Task over, CancellationToken cancellationToken)
    {
        if (over.IsCompleted || cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private async ValueTask<ReadResult> ReadAsync(
        Stream stream, PipeReader reader, CancellationToken cancellationToken)
    {
        var next = reader.ReadAsync(CancellationToken.None).AsTask();
        if (!next.IsCompleted)
        {
            await FlushAsync(stream, reader, next, cancellationToken);
        }

        var began = _pace.BeginWait();
        try
        {
            var read = await next;
            _pace.EndWait(began);
            Count(read);
            return read;
        }
        catch (Exception e) when (BodyErrorRules.Name(e) is { } error)
        {
            ClientError = error;
            throw;
        }
    }

    // The client has no more at the moment: what there is goes out before more is waited for.
    private async ValueTask FlushAsync(
        Stream stream, PipeReader reader, Task<ReadResult> next, CancellationToken cancellationToken)
    {
        _pace.WaitForBackend();
        try
        {
            await stream.FlushAsync(cancellationToken);
        }
        catch
        {
            // Left alone, the read would take from another attempt what comes next.
            reader.CancelPendingRead();
            var read = await next;
            Count(read);
            reader.AdvanceTo(read.Buffer.End);
            throw;
        }
    }

    private void Count(in ReadResult read)
    {
        IsTouched |= !read.Buffer.IsEmpty;
        exchange.CountBody(read.Buffer.Length);
    }
}
