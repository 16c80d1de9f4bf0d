using System.Buffers;
using System.IO.Pipelines;
using MiniLB.State;
using MiniLB.Transport;

namespace MiniLB.RequestPath.Forward;

/// <summary>Passes bytes in both directions after a switch of protocols, until both sides have ended.</summary>
internal static class Tunnel
{
    public static async ValueTask<AttemptResult> RunAsync(
        Exchange exchange, Backend backend, BackendConnection connection)
    {
        if (!PassedFields.TryPrepareAnswer(exchange))
        {
            return AttemptResult.HookFailed;
        }

        var client = await exchange.SwitchAsync(exchange.Answer);
        using var open = backend.Tunnels.Add(exchange.Timer.EndTunnel);
        Moved(exchange, open);
        // Comes before the forwarder's registration, which closes the connection: the last one made is called first.
        await using var cancelled = exchange.Timer.Token.UnsafeRegister(
            _ => WakeBoth(exchange, client.Input, connection), null);
        var up = FromClientAsync(exchange, client.Input, connection, open);
        var down = FromBackendAsync(exchange, client.Output, connection, open);
        var error = await down;
        if (error != ForwardError.None)
        {
            client.Input.CancelPendingRead();
        }

        // Where the client has gone, what followed on the other side is no news.
        error = await up is var upError and not ForwardError.None ? upError : error;
        if (exchange.Timer.Token.IsCancellationRequested)
        {
            // Its time is over, or the process or the backend stops: both sides are told, so that neither waits for
            // more.
            error = exchange.Timer.Cause;
            await exchange.EndSwitchedOutputAsync();
        }

        return new AttemptResult(error, ResponseStarted: true, RequestBodyTouched: true);
    }

    private static void WakeBoth(Exchange exchange, PipeReader client, BackendConnection connection)
    {
        if (exchange.Timer.Cause != ForwardError.ClientGone)
        {
            connection.EndBoth();
        }

        client.CancelPendingRead();
    }

    // A byte has passed: the times of the tunnel and of a drain begin anew.
    private static void Moved(Exchange exchange, OpenTunnel open)
    {
        open.Touch();
        exchange.Timer.Wait(TimeLimit.Tunnel, exchange.Timeouts.Tunnel);
    }

    private static async Task<ForwardError> FromClientAsync(
        Exchange exchange, PipeReader client, BackendConnection connection, OpenTunnel open)
    {
        while (true)
        {
            ReadResult read;
            try
            {
                read = await client.ReadAsync();
            }
            catch (Exception e) when (BodyErrorRules.Name(e) is { } error)
            {
                // The other direction must not wait for what nobody will read.
                connection.Dispose();
                return error;
            }

            if (read.IsCanceled)
            {
                return ForwardError.None;
            }

            Moved(exchange, open);
            if (!await TrySendAsync(connection, read.Buffer))
            {
                client.AdvanceTo(read.Buffer.End);
                return ForwardError.None; // the other direction says what is wrong with the backend
            }

            exchange.BytesIn += read.Buffer.Length;
            client.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                await connection.EndOutputAsync();
                return ForwardError.None;
            }
        }
    }

    private static async ValueTask<bool> TrySendAsync(BackendConnection connection, ReadOnlySequence<byte> data)
    {
        try
        {
            foreach (var segment in data)
            {
                await connection.SendAsync(segment);
            }

            return true;
        }
        catch (IOException)
        {
            connection.Dispose();
            return false;
        }
    }

    private static async Task<ForwardError> FromBackendAsync(
        Exchange exchange, PipeWriter client, BackendConnection connection, OpenTunnel open)
    {
        try
        {
            while (true)
            {
                if (!connection.Received.IsEmpty && !await TryPassOnReceivedAsync(exchange, client, connection))
                {
                    connection.Dispose();
                    return ForwardError.ClientGone;
                }

                // The client may have been waited for, which has a limit of its own.
                Moved(exchange, open);
                if (await connection.ReceiveAsync() == 0)
                {
                    await exchange.EndSwitchedOutputAsync();
                    return ForwardError.None;
                }

                Moved(exchange, open);
            }
        }
        catch (IOException)
        {
            return ForwardError.ResponseBodyBroken;
        }
    }

    /// <returns>False where the client has gone.</returns>
    private static async ValueTask<bool> TryPassOnReceivedAsync(
        Exchange exchange, PipeWriter client, BackendConnection connection)
    {
        var count = connection.Received.Length;
        client.Write(connection.Received);
        connection.Consume(count);
        exchange.CountAnswered(count);
        try
        {
            return !(await client.FlushAsync()).IsCompleted;
        }
        catch (Exception e) when (BodyErrorRules.Name(e) is not null)
        {
            return false;
        }
    }
}
