using System.Buffers;
using System.IO.Pipelines;
using MiniLB.Transport;

namespace MiniLB.RequestPath.Forward;

/// <summary>Passes bytes in both directions after a switch of protocols, until both sides have ended.</summary>
internal static class Tunnel
{
    public static async ValueTask<AttemptResult> RunAsync(Exchange exchange, BackendConnection connection)
    {
        HeaderRules.Hold(exchange.Answer.Fields);
        var client = await exchange.SwitchAsync(exchange.Answer);
        var idle = exchange.Pool.Options.Timeouts.Tunnel;
        exchange.Timer.Wait(TimeLimit.Tunnel, idle);
        await using var cancelled = exchange.Timer.Token.UnsafeRegister(
            static input => ((PipeReader)input!).CancelPendingRead(), client.Input);
        var up = FromClientAsync(exchange, client.Input, connection, idle);
        var down = FromBackendAsync(exchange, client.Output, connection, idle);
        var error = await down;
        if (error != ForwardError.None)
        {
            client.Input.CancelPendingRead();
        }

        var upError = await up;
        if (exchange.Timer.Token.IsCancellationRequested)
        {
            // Its time is over, or the process stops: both sides are told, so that neither waits for more.
            error = exchange.Timer.Cause;
            await exchange.EndSwitchedOutputAsync();
        }
        else if (error == ForwardError.None)
        {
            error = upError;
        }

        return new AttemptResult(error, ResponseStarted: true, RequestBodyTouched: true);
    }

    private static async Task<ForwardError> FromClientAsync(
        Exchange exchange, PipeReader client, BackendConnection connection, TimeSpan idle)
    {
        try
        {
            while (true)
            {
                var read = await client.ReadAsync();
                foreach (var segment in read.Buffer)
                {
                    await connection.SendAsync(segment);
                }

                exchange.BytesIn += read.Buffer.Length;
                client.AdvanceTo(read.Buffer.End);
                exchange.Timer.Wait(TimeLimit.Tunnel, idle);
                if (read.IsCanceled)
                {
                    return ForwardError.ClientGone;
                }

                if (read.IsCompleted)
                {
                    await connection.EndOutputAsync();
                    return ForwardError.None;
                }
            }
        }
        catch (IOException)
        {
            // Either side broke: the other direction must not wait for it.
            connection.Dispose();
            return ForwardError.ClientGone;
        }
    }

    private static async Task<ForwardError> FromBackendAsync(
        Exchange exchange, PipeWriter client, BackendConnection connection, TimeSpan idle)
    {
        try
        {
            while (true)
            {
                if (!connection.Received.IsEmpty)
                {
                    var count = connection.Received.Length;
                    client.Write(connection.Received);
                    connection.Consume(count);
                    exchange.CountAnswered(count);
                    if ((await client.FlushAsync()).IsCompleted)
                    {
                        connection.Dispose();
                        return ForwardError.ClientGone;
                    }
                }

                if (await connection.ReceiveAsync() == 0)
                {
                    await exchange.EndSwitchedOutputAsync();
                    return ForwardError.None;
                }

                exchange.Timer.Wait(TimeLimit.Tunnel, idle);
            }
        }
        catch (IOException)
        {
            return ForwardError.ResponseBodyBroken;
        }
    }
}
