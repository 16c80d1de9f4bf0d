using System.Buffers;
using System.IO.Pipelines;
using MiniLB.Transport;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Forward;

/// <summary>Passes the client's body on to a backend as it arrives, beside the reading of the answer.</summary>
internal sealed class RequestBodySender(Exchange exchange, BackendConnection connection)
{
    // Smaller pieces are put together, and with the head, into one send.
    private const int SmallPiece = 8 * 1024;
    private const int MostHeld = 32 * 1024;

    private readonly PipeReader _body = exchange.RequestBody;
    private readonly UploadPace _pace = new(exchange);
    private Task _sending = Task.CompletedTask;
    private volatile bool _isStopped;

    /// <summary>True once a byte of the body was taken: where it is not kept, it cannot be sent a second
    /// time.</summary>
    public bool IsTouched { get; private set; }

    /// <summary>True once all of it was sent.</summary>
    public bool IsDone { get; private set; }

    /// <summary>What the client's side did wrong, if anything.</summary>
    public ForwardError ClientError { get; private set; }

    /// <summary>Starts with the head, which waits in the connection's output.</summary>
    public void Start()
    {
        connection.OwesRequest = true;
        _sending = RunAsync();
    }

    /// <summary>Ends it, wherever it stands, and waits until nobody reads the body any more.</summary>
    public async ValueTask StopAsync()
    {
        _isStopped = true;
        if (!_sending.IsCompleted)
        {
            _body.CancelPendingRead();
            await _sending;
        }
    }

    private async Task RunAsync()
    {
        // The connection is aborted by the same token, which ends a pending send.
        await using var cancelled = exchange.Timer.Token.UnsafeRegister(
            static body => ((PipeReader)body!).CancelPendingRead(), _body);
        try
        {
            while (!_isStopped && !exchange.Timer.Token.IsCancellationRequested && !await PassOnPieceAsync())
            {
            }
        }
        catch (IOException)
        {
            // The backend takes no more. What it answers, if anything, is read by whoever reads the answer.
            WaitForAnswer();
        }
    }

    /// <returns>True where there is nothing left to do.</returns>
    private async ValueTask<bool> PassOnPieceAsync()
    {
        if (await ReadAsync() is not { } read)
        {
            // Without its end, what the backend has of the request must never look complete.
            connection.Dispose();
            return true;
        }

        if (read.IsCanceled)
        {
            return false; // asked to stop, or woken for another reason
        }

        Count(read);
        try
        {
            await SendAsync(read.Buffer);
        }
        finally
        {
            _body.AdvanceTo(read.Buffer.End);
        }

        if (read.IsCompleted)
        {
            await EndAsync();
        }

        return read.IsCompleted;
    }

    private void Count(in ReadResult read)
    {
        IsTouched |= !read.Buffer.IsEmpty;
        exchange.CountBody(read.Buffer.Length);
    }

    /// <returns>Null where the client's side has failed.</returns>
    private async ValueTask<ReadResult?> ReadAsync()
    {
        var next = _body.ReadAsync();
        try
        {
            if (next.IsCompleted)
            {
                return await next;
            }
        }
        catch (Exception e) when (BodyErrorRules.Name(e) is { } error)
        {
            ClientError = error;
            return null;
        }

        return await FlushAndWaitAsync(next.AsTask());
    }

    // The client has no more at the moment: what there is goes out before more is waited for.
    private async ValueTask<ReadResult?> FlushAndWaitAsync(Task<ReadResult> next)
    {
        IOException? failure = null;
        try
        {
            await FlushAsync();
        }
        catch (IOException e)
        {
            failure = e;
            _body.CancelPendingRead();
        }

        var began = _pace.BeginWait();
        try
        {
            var read = await next;
            _pace.EndWait(began);
            if (failure is null)
            {
                return read;
            }

            // What came at this moment is lost where it is not kept, and with it the right to send the request again.
            Count(read);
            _body.AdvanceTo(read.Buffer.End);
            throw failure;
        }
        catch (Exception e) when (e != failure && BodyErrorRules.Name(e) is not null)
        {
            ClientError = BodyErrorRules.Name(e)!.Value;
            return null;
        }
    }

    private async ValueTask SendAsync(ReadOnlySequence<byte> data)
    {
        var isChunked = exchange.RequestFraming == BodyFraming.Chunked;
        if (data.IsEmpty)
        {
            return;
        }

        if (isChunked)
        {
            connection.Output.WriteHexadecimal(data.Length);
            connection.Output.Write("\r\n"u8);
        }

        if (data.Length <= SmallPiece)
        {
            connection.Output.Write(data);
        }
        else
        {
            await FlushAsync();
            foreach (var segment in data)
            {
                _pace.WaitForBackend();
                await connection.SendAsync(segment);
            }
        }

        if (isChunked)
        {
            connection.Output.Write("\r\n"u8);
        }

        if (connection.Output.Length >= MostHeld)
        {
            await FlushAsync();
        }
    }

    private async ValueTask EndAsync()
    {
        if (exchange.RequestFraming == BodyFraming.Chunked)
        {
            ClientError = exchange.ReadTrailers(out var trailers);
            if (ClientError != ForwardError.None)
            {
                connection.Dispose();
                return;
            }

            WriteEnd(trailers);
        }

        await FlushAsync();
        IsDone = true;
        connection.OwesRequest = false;
        WaitForAnswer();
    }

    private void WaitForAnswer()
    {
        if (!exchange.IsAnswered)
        {
            exchange.Timer.Wait(TimeLimit.ResponseHead, exchange.Timeouts.ResponseHeaders);
        }
    }

    private void WriteEnd(FieldList? trailers)
    {
        var to = connection.Output;
        to.Write("0\r\n"u8);
        if (trailers is { Count: > 0 })
        {
            TrailerRules.Hold(trailers);
            for (var i = 0; i < trailers.Count; i++)
            {
                var field = trailers[i];
                if (field.Passes)
                {
                    to.Write(field.Name);
                    to.Write(": "u8);
                    to.Write(field.Value);
                    to.Write("\r\n"u8);
                }
            }
        }

        to.Write("\r\n"u8);
    }

    private async ValueTask FlushAsync()
    {
        if (connection.Output.Length > 0)
        {
            _pace.WaitForBackend();
            await connection.SendAsync();
        }
    }
}
