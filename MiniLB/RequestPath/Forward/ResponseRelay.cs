using System.Runtime.CompilerServices;
using MiniLB.Transport;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Forward;

/// <summary>Passes a backend's answer on to the client: whatever has arrived goes out before more is waited
/// for.</summary>
/// <param name="sender">Passes on the request body beside it; null where there is none.</param>
/// <param name="closes">Whether this is to be the client connection's last answer.</param>
internal sealed class ResponseRelay(
    Exchange exchange, BackendConnection connection, RequestBodySender? sender, bool closes)
{
    // More than this is sent on before more is taken, so that little waits in memory.
    private const int MostUnflushed = 64 * 1024;
    private const int LongBody = 16 * 1024;

    private readonly ResponseHead _head = exchange.Answer;
    private long _left = exchange.Answer.ContentLength ?? 0;
    private int _unflushed;
    private bool _isStarted;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptResult> RunAsync()
    {
        if (!PassedFields.TryPrepareAnswer(exchange))
        {
            return AttemptResult.HookFailed;
        }

        if (_head.Framing == BodyFraming.Chunked)
        {
            var limits = exchange.Pool.Options.Limits;
            exchange.AnswerDecoder.Begin(new HeadLimits(0, (int)limits.ResponseHeaderBytes, limits.ResponseHeaders));
        }

        if (_head.Framing is BodyFraming.Chunked or BodyFraming.UntilClose
            || (_head.Framing == BodyFraming.Length && _left > LongBody))
        {
            connection.ExpectMuch();
        }

        try
        {
            var error = await PassOnBodyAsync();
            if (error == ForwardError.None)
            {
                Start();
                error = await exchange.CompleteAsync(Trailers()) ? ForwardError.None : ForwardError.ClientGone;
            }

            return new AttemptResult(error, _isStarted, RequestBodyTouched: true);
        }
        catch (IOException e)
        {
            return new AttemptResult(Broken(), _isStarted, RequestBodyTouched: true, e);
        }
    }

    // Not before the first bytes of the body have been found sound: until then a failure can still be told.
    private void Start()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            exchange.Start(_head, closes);
        }
    }

    private bool IsDone => _head.Framing switch
    {
        BodyFraming.Length => _left == 0,
        BodyFraming.Chunked => exchange.AnswerDecoder.IsDone,
        BodyFraming.UntilClose => false,
        _ => true,
    };

    private async ValueTask<ForwardError> PassOnBodyAsync()
    {
        // A head waits in the buffer for the body that is on its way.
        var isHeadUnflushed = true;
        while (true)
        {
            if (!TryPassOnReceived())
            {
                return ForwardError.ResponseBodyBroken;
            }

            if (IsDone)
            {
                return ForwardError.None;
            }

            var read = _unflushed >= MostUnflushed ? default : connection.ReceiveAsync();
            var mustFlush = _unflushed >= MostUnflushed;
            if (mustFlush || (!read.IsCompleted && (_unflushed > 0 || isHeadUnflushed)))
            {
                isHeadUnflushed = false;
                _unflushed = 0;
                if (!await FlushAsync())
                {
                    return ForwardError.ClientGone;
                }
            }

            if (mustFlush)
            {
                continue;
            }

            if (!read.IsCompleted)
            {
                exchange.Timer.Wait(TimeLimit.ResponseBody, exchange.IdleLimit);
            }

            if (await read == 0)
            {
                return await IsWholeAtEndAsync() ? ForwardError.None : Broken();
            }
        }
    }

    // A send under way may be about to learn that this end was a reset.
    private async ValueTask<bool> IsWholeAtEndAsync()
    {
        if (sender is not null)
        {
            await sender.StopAsync();
        }

        return _head.Framing == BodyFraming.UntilClose && !connection.HasSendFailed;
    }

    /// <returns>False where the framing is broken.</returns>
    private bool TryPassOnReceived()
    {
        while (!connection.Received.IsEmpty && !IsDone)
        {
            var received = connection.Received;
            int consumed;
            ReadOnlySpan<byte> data;
            if (_head.Framing == BodyFraming.Chunked)
            {
                data = exchange.AnswerDecoder.Decode(received, out consumed);
                if (exchange.AnswerDecoder.Error != WireError.None)
                {
                    return false;
                }
            }
            else
            {
                var mine = _head.Framing == BodyFraming.Length ? Math.Min(_left, received.Length) : received.Length;
                data = received[..(int)mine];
                consumed = data.Length;
                _left -= consumed;
            }

            if (!data.IsEmpty)
            {
                Start();
                exchange.Write(data);
                exchange.CountAnswered(data.Length);
                _unflushed += data.Length;
            }

            connection.Consume(consumed);
        }

        return true;
    }

    private ValueTask<bool> FlushAsync()
    {
        Start();
        return exchange.FlushAsync();
    }

    private FieldList? Trailers()
    {
        if (_head.Framing != BodyFraming.Chunked || exchange.AnswerDecoder.Trailers.Count == 0)
        {
            return null;
        }

        TrailerRules.Hold(exchange.AnswerDecoder.Trailers);
        return exchange.AnswerDecoder.Trailers;
    }

    private ForwardError Broken() => exchange.Timer.Token.IsCancellationRequested
        ? exchange.Timer.Cause
        : ForwardError.ResponseBodyBroken;
}
