using System.Diagnostics;
using MiniLB.Async;
using MiniLB.State;
using MiniLB.Transport;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Forward;

/// <summary>One exchange on one backend connection, in both directions at once.</summary>
internal readonly struct Http1Attempt(Exchange exchange, Backend backend, BackendConnection connection)
{
    /// <returns>What became of it, and whether the connection can serve another request.</returns>
    public async FrameTask<(AttemptResult Result, bool Keeps)> RunAsync()
    {
        RequestHeadWriter.Write(exchange, backend, connection.Output);
        var sender = exchange.HasRequestBody ? new RequestBodySender(exchange, connection) : null;
        if (await SendAndReadHeadAsync(sender) is { } failure)
        {
            await StopAsync(sender);
            return (Failed(failure, sender), false);
        }

        exchange.IsAnswered = true;
        exchange.FirstByteAt = Stopwatch.GetTimestamp();
        backend.SpeaksHttp10 = exchange.Answer.MinorVersion == 0;
        connection.IsPersonal |= PersonalRules.MakesPersonal(exchange.RequestFields, exchange.Answer.Fields);
        if (exchange.RefusesAnswer())
        {
            await StopAsync(sender);
            return (new AttemptResult(ForwardError.AnswerRefused, false, sender?.IsTouched == true), false);
        }

        if (exchange.Answer.Status == 101)
        {
            return (await Tunnel.RunAsync(exchange, backend, connection), false);
        }

        var relay = ResponseRelay.Of(exchange, connection, sender, closes: IsRefusedEarly(sender));
        var result = await relay.RunAsync();
        relay.Reuse();
        var isWhole = result.Error == ForwardError.None && sender is null or { IsDone: true };
        await StopAsync(sender);
        return (result, isWhole && exchange.Answer.KeepsAlive && connection.Received.IsEmpty);
    }

    private async FrameTask<Failure?> SendAndReadHeadAsync(RequestBodySender? sender)
    {
        var sawAnswer = false;
        var wasTold = exchange.HasSentContinue;
        try
        {
            if (sender is null)
            {
                exchange.Timer.Wait(TimeLimit.ResponseHead, exchange.Timeouts.ResponseHeaders);
                await connection.SendAsync();
            }
            else
            {
                await ContinueForOldBackendAsync();
                sender.Start();
            }

            while (true)
            {
                WireError error;
                while (!TryReadHead(out error))
                {
                    if (await connection.ReceiveAsync() == 0)
                    {
                        error = WireError.Truncated;
                        break;
                    }
                }

                sawAnswer |= error != WireError.Truncated || !connection.Received.IsEmpty;
                if (error != WireError.None || IsUnaskedSwitch())
                {
                    return new Failure(sawAnswer, null);
                }

                if (!exchange.Answer.IsInterim || exchange.Answer.Status == 101)
                {
                    return null;
                }

                if (exchange.Answer.Status == 100 && wasTold)
                {
                    continue; // by the backend before
                }

                var awaited = exchange.AwaitsContinue;
                HeaderRules.Hold(exchange.Answer.Fields);
                await exchange.SendInterimAsync(exchange.Answer);
                if (exchange.Answer.Status == 100 && awaited)
                {
                    // From here on it is the client that is waited for.
                    exchange.Timer.Wait(TimeLimit.RequestBody, exchange.World.Options.Timeouts.Read);
                }
            }
        }
        catch (IOException e)
        {
            return new Failure(sawAnswer || !connection.Received.IsEmpty, e);
        }
    }

    // HTTP/1.0 knows no 100: the client would wait for one that never comes.
    private ValueTask ContinueForOldBackendAsync() => exchange.AwaitsContinue && backend.SpeaksHttp10
        ? exchange.SendInterimAsync(new ResponseHead { Status = 100 })
        : default;

    private bool IsUnaskedSwitch() =>
        (exchange.Answer.Status == 101 && !UpgradeRules.IsAsked(exchange.Answer, exchange.UpgradeTo))
        || !exchange.CanBeAnswered(exchange.Answer);

    /// <returns>False where more of it must come.</returns>
    private bool TryReadHead(out WireError error)
    {
        var options = exchange.Pool.Options.Limits;
        var limits = new HeadLimits((int)options.ResponseHeaderBytes, (int)options.ResponseHeaderBytes,
            options.ResponseHeaders);
        var length = FieldLines.HeadLength(connection.Received);
        if (!limits.AllowsBytes(length < 0 ? connection.Received.Length : length))
        {
            error = WireError.HeadTooLarge;
            return true;
        }

        if (length > 0)
        {
            exchange.Answer.Clear();
            error = ResponseHeadParser.Parse(
                connection.Received[..length], limits, exchange.Method == "HEAD", exchange.Answer);
            connection.Consume(length);
            return true;
        }

        error = ResponseHeadParser.IsHopeless(connection.Received) ? WireError.StartLine : WireError.None;
        return error != WireError.None;
    }

    // The backend has said no before it had the body: the rest of it would only be thrown away.
    private bool IsRefusedEarly(RequestBodySender? sender) =>
        sender is { IsDone: false } && (exchange.Answer.Status >= 300 || !exchange.Answer.KeepsAlive);

    private ValueTask StopAsync(RequestBodySender? sender)
    {
        if (sender is { IsDone: false })
        {
            // Half a request is on it; and a send that the backend does not take would otherwise be waited for.
            connection.Dispose();
        }

        return sender?.StopAsync() ?? default;
    }

    private AttemptResult Failed(Failure failure, RequestBodySender? sender)
    {
        var touched = sender?.IsTouched == true;
        var error = sender is { ClientError: not ForwardError.None } ? sender.ClientError
            : exchange.Timer.Token.IsCancellationRequested ? exchange.Timer.Cause
            : failure.SawAnswer ? ForwardError.ResponseHeadInvalid
            : !connection.IsReused && TlsAlertRules.IsRefusal(failure.Cause) ? ForwardError.ConnectFailed
            : connection.IsReused && (!touched || exchange.CanRewindBody) ? ForwardError.StaleSent
            : touched ? ForwardError.RequestBodyNotTaken
            : ForwardError.BackendClosed;
        return new AttemptResult(error, false, touched, failure.Cause);
    }

    /// <summary>How an answer did not come.</summary>
    /// <param name="SawAnswer">True where a byte of it came.</param>
    /// <param name="Cause">What the connection said, if anything.</param>
    private sealed record Failure(bool SawAnswer, Exception? Cause);
}
