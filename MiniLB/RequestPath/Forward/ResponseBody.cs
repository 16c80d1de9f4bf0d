using System.Buffers;
using MiniLB.Transport;

namespace MiniLB.RequestPath.Forward;

/// <summary>Streams a backend's response body to the client: whatever has arrived goes out before more is waited
/// for.</summary>
internal static class ResponseBody
{
    private const int SmallBuffer = 4 * 1024;
    private const int LargeBuffer = 64 * 1024;

    public static async ValueTask<AttemptResult> CopyAsync(Stream from, long? length, Exchange exchange)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(length is <= SmallBuffer ? SmallBuffer : LargeBuffer);
        var result = await CopyAsync(from, buffer, exchange);
        if (result.Error == ForwardError.None)
        {
            // After a failure a read may still be under way into the buffer.
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return result;
    }

    private static async ValueTask<AttemptResult> CopyAsync(Stream from, byte[] buffer, Exchange exchange)
    {
        var to = exchange.ResponseBody.Writer;
        var timer = exchange.Timer;
        var unflushed = 0;
        try
        {
            while (true)
            {
                var read = from.ReadAsync(buffer, timer.Token);
                if (!read.IsCompleted)
                {
                    // Also sends the head on its way, before the first byte of a slow body.
                    if ((unflushed > 0 || !exchange.ResponseBodyStarted) && !await FlushAsync(exchange))
                    {
                        return Failed(exchange, ForwardError.ClientGone);
                    }

                    unflushed = 0;
                    timer.Wait(TimeLimit.ResponseBody, exchange.Pool.Options.Timeouts.Idle);
                }

                var count = await read;
                if (count == 0)
                {
                    // Kestrel's own end of a response does not flush what was written into its buffer.
                    return unflushed == 0 || await FlushAsync(exchange)
                        ? AttemptResult.Done
                        : Failed(exchange, ForwardError.ClientGone);
                }

                if (!exchange.ResponseBodyStarted)
                {
                    // Puts the head into the same buffer; nothing is sent before the flush.
                    exchange.ResponseBodyStarted = true;
                    await exchange.ResponseBody.StartAsync();
                }

                to.Write(buffer.AsSpan(0, count));
                exchange.CountAnswered(count);
                unflushed += count;
                if (unflushed >= LargeBuffer)
                {
                    if (!await FlushAsync(exchange))
                    {
                        return Failed(exchange, ForwardError.ClientGone);
                    }

                    unflushed = 0;
                }
            }
        }
        catch (OperationCanceledException) when (timer.Token.IsCancellationRequested)
        {
            return Failed(exchange, timer.Cause);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or BackendClosedException)
        {
            return Failed(exchange, ForwardError.ResponseBodyBroken, e);
        }
    }

    // A client that does not read is the connection sweep's matter: it aborts the connection, which ends the flush.
    private static async ValueTask<bool> FlushAsync(Exchange exchange)
    {
        exchange.ResponseBodyStarted = true;
        var flush = exchange.ResponseBody.Writer.FlushAsync();
        if (!flush.IsCompleted)
        {
            exchange.Timer.Wait(TimeLimit.None, TimeSpan.Zero);
        }

        return !(await flush).IsCompleted;
    }

    private static AttemptResult Failed(Exchange exchange, ForwardError error, Exception? cause = null) =>
        new(error, exchange.ResponseBodyStarted || exchange.BytesOut > 0, exchange.BytesIn > 0, cause);
}
