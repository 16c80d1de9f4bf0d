using MiniLB.Async;
using MiniLB.Config;
using MiniLB.Transport;
using MiniLB.Transport.Epoll;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Forward;

/// <summary>Passes a backend's answer on to the client: whatever has arrived goes out before more is waited
/// for.</summary>
internal sealed class ResponseRelay
{
    // More than this is sent on before more is taken, so that little waits in memory.
    private const int MostUnflushed = MemoryPlan.LongPiece;
    private const int LongBody = 16 * 1024;

    // Below it a copy costs less than two system calls more.
    private const int LeastSpliced = 32 * 1024;

    // Small answers are passed on in one go: one relay does them all.
    [ThreadStatic]
    private static ResponseRelay? _kept;

    private Exchange _exchange;
    private BackendConnection _connection;
    private RequestBodySender? _sender;
    private bool _closes;
    private ResponseHead _head;
    private long _left;
    private int _unflushed;
    private bool _isStarted;
    private bool _mayGainBySplicing;

    private ResponseRelay(Exchange exchange, BackendConnection connection) =>
        (_exchange, _connection, _head) = (exchange, connection, exchange.Answer);

    /// <param name="exchange">Whose answer's head has come.</param>
    /// <param name="connection">Where the rest of it comes from.</param>
    /// <param name="sender">Passes on the request body beside it; null where there is none.</param>
    /// <param name="closes">Whether this is to be the client connection's last answer.</param>
    public static ResponseRelay Of(
        Exchange exchange, BackendConnection connection, RequestBodySender? sender, bool closes)
    {
        var relay = _kept ?? new ResponseRelay(exchange, connection);
        _kept = null;
        (relay._exchange, relay._connection, relay._sender, relay._closes) = (exchange, connection, sender, closes);
        (relay._head, relay._left) = (exchange.Answer, exchange.Answer.ContentLength ?? 0);
        (relay._unflushed, relay._isStarted, relay._mayGainBySplicing) = (0, false, true);
        return relay;
    }

    /// <summary>Its work is done, and its result was taken.</summary>
    public void Reuse()
    {
        (_exchange, _connection, _sender, _head) = (null!, null!, null, null!);
        _kept = this;
    }

    public async FrameTask<AttemptResult> RunAsync()
    {
        if (!PassedFields.TryPrepareAnswer(_exchange))
        {
            return AttemptResult.HookFailed;
        }

        if (_head.Framing == BodyFraming.Chunked)
        {
            var limits = _exchange.Pool.Options.Limits;
            _exchange.AnswerDecoder.Begin(new HeadLimits(0, (int)limits.ResponseHeaderBytes, limits.ResponseHeaders));
        }

        if (_head.Framing is BodyFraming.Chunked or BodyFraming.UntilClose
            || (_head.Framing == BodyFraming.Length && _left > LongBody))
        {
            _connection.ExpectMuch();
        }

        try
        {
            var error = await PassOnBodyAsync();
            if (error == ForwardError.None)
            {
                Start();
                error = await _exchange.CompleteAsync(Trailers()) ? ForwardError.None : ForwardError.ClientGone;
            }

            return new AttemptResult(error, _isStarted, RequestBodyTouched: true, CutOff(error));
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
            _exchange.Start(_head, _closes);
        }
    }

    private bool IsDone => _head.Framing switch
    {
        BodyFraming.Length => _left == 0,
        BodyFraming.Chunked => _exchange.AnswerDecoder.IsDone,
        BodyFraming.UntilClose => false,
        _ => true,
    };

    private async FrameTask<ForwardError> PassOnBodyAsync()
    {
        // A head waits in the buffer for the body that is on its way.
        var isHeadUnflushed = true;
        while (true)
        {
            if (!TryPassOnReceived())
            {
                return ForwardError.ResponseBodyBroken;
            }

            if (MaySplice && !await SpliceAsync((LoopWriter)_exchange.PlainOutput!))
            {
                return ForwardError.ClientGone;
            }

            if (IsDone)
            {
                return ForwardError.None;
            }

            var read = _unflushed >= MostUnflushed ? default : _connection.ReceiveAsync();
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
                _exchange.Timer.Wait(TimeLimit.ResponseBody, _exchange.IdleLimit);
            }

            if (await read == 0)
            {
                return await IsWholeAtEndAsync() ? ForwardError.None : Broken();
            }
        }
    }

    private bool MaySplice => _mayGainBySplicing && _left >= LeastSpliced && _head.Framing == BodyFraming.Length
        && _connection.CanFill && _exchange.PlainOutput is LoopWriter { IsOnLoop: true };

    /// <summary>Has the system move what has come of a long body.</summary>
    /// <returns>False where the client has gone.</returns>
    private async FrameTask<bool> SpliceAsync(LoopWriter output)
    {
        if (SplicePipe.Take() is not { } pipe)
        {
            return true;
        }

        try
        {
            for (var isFirst = true; _left > 0 && _connection.Fill(pipe, _left) is var moved and > 0; isFirst = false)
            {
                _left -= moved;
                _unflushed = 0;
                _exchange.CountAnswered(moved);
                output.Send(pipe);
                if (!await FlushAsync() || pipe.Length > 0)
                {
                    return false;
                }

                if (moved < LeastSpliced)
                {
                    // Right after a receive that was full: small segments fill a pipe with little in it.
                    _mayGainBySplicing = !isFirst;
                    break;
                }
            }

            return true;
        }
        finally
        {
            pipe.GiveBack();
        }
    }

    // A send under way may be about to learn that this end was a reset.
    private async ValueTask<bool> IsWholeAtEndAsync()
    {
        if (_sender is not null)
        {
            await _sender.StopAsync();
        }

        return IsEndedByClose() && !_connection.HasSendFailed;
    }

    // Through TLS only with TLS's own end (RFC 9112 section 9.8): anybody on the way can cut the connection.
    private bool IsEndedByClose() => _head.Framing == BodyFraming.UntilClose && !_connection.WasCutOff;

    private IOException? CutOff(ForwardError error) => error == ForwardError.ResponseBodyBroken && _connection.WasCutOff
        ? new IOException("the connection ended without the end of TLS (close_notify)")
        : null;

    /// <returns>False where the framing is broken.</returns>
    private bool TryPassOnReceived()
    {
        while (!_connection.Received.IsEmpty && !IsDone)
        {
            var received = _connection.Received;
            int consumed;
            ReadOnlySpan<byte> data;
            if (_head.Framing == BodyFraming.Chunked)
            {
                data = _exchange.AnswerDecoder.Decode(received, out consumed);
                if (_exchange.AnswerDecoder.Error != WireError.None)
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
                _exchange.Write(data);
                _exchange.CountAnswered(data.Length);
                _unflushed += data.Length;
            }

            _connection.Consume(consumed);
        }

        return true;
    }

    private ValueTask<bool> FlushAsync()
    {
        Start();
        return _exchange.FlushAsync();
    }

    private FieldList? Trailers()
    {
        if (_head.Framing != BodyFraming.Chunked || _exchange.AnswerDecoder.Trailers.Count == 0)
        {
            return null;
        }

        TrailerRules.Hold(_exchange.AnswerDecoder.Trailers);
        return _exchange.AnswerDecoder.Trailers;
    }

    private ForwardError Broken() => _exchange.Timer.Token.IsCancellationRequested
        ? _exchange.Timer.Cause
        : ForwardError.ResponseBodyBroken;
}
