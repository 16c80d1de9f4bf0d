using MiniLB.RequestPath.Forward;
using MiniLB.Wire;
using MiniLB.Wire.Http2;

namespace MiniLB.RequestPath.Accept.Http2;

/// <summary>What the frames of a client mean to its streams (RFC 9113 sections 5.1, 6 and 8). All of it by the one
/// thread that reads frames.</summary>
internal sealed class Http2Receiving(
    Http2Connection connection, Lock gate, Http2Sending sending, Http2Streams streams, Http2Ending ending,
    Http2FloodRules floods, HeadLimits limits)
{
    private readonly Http2RequestHead _head = new(limits);
    private Http2Exchange? _next;
    private FieldList? _trailers;

    /// <summary>What takes the fields of the block that comes next: a request's or its trailers.</summary>
    public IFieldSink BeginFields(int id)
    {
        if (id > streams.Last)
        {
            _next ??= connection.NewExchange();
            _next.RequestFields.Clear();
            _head.Begin(_next.RequestFields);
        }
        else
        {
            _trailers = new FieldList();
            _head.BeginTrailers(_trailers);
        }

        return _head;
    }

    /// <summary>The fields have been taken.</summary>
    public void TakeFields(int id, bool endsStream)
    {
        if (id <= streams.Last)
        {
            TakeTrailers(id, endsStream);
            return;
        }

        var exchange = _next!;
        bool isServed;
        lock (gate)
        {
            streams.Last = id;
            isServed = ending.Accepts && streams.TryAdd(id, exchange.Stream, sending.StreamWindow, endsStream);
            if (!isServed)
            {
                sending.Frames.WriteReset(id, ErrorCode.RefusedStream);
                streams.Forget(id);
            }

            ending.Rest();
        }

        if (!isServed)
        {
            sending.Send();
            CountReset();
            return;
        }

        _next = null;
        _head.Finish(!endsStream);
        connection.Serve(exchange, _head, !endsStream);
    }

    public void TakeData(int id, ReadOnlySpan<byte> data, int padding, bool endsStream)
    {
        Http2Stream? stream;
        ErrorCode code;
        lock (gate)
        {
            stream = Find(id);
            code = streams.Receive(id, stream, data.Length + padding);
            if (code == ErrorCode.None && stream is { IsClosed: false })
            {
                stream.HasClientEnded = endsStream;
                streams.Consume(stream, padding);
            }
            else
            {
                stream = null;
            }
        }

        if (stream?.Exchange.Body is { } body && (!body.TryAppend(data) || (endsStream && !body.TryEnd())))
        {
            Refuse(id, ErrorCode.Protocol, ForwardError.RequestBodyInvalid);
        }
        else if (code != ErrorCode.None)
        {
            Refuse(id, code);
        }

        sending.Send();
    }

    public void TakeReset(int id)
    {
        Http2Stream? stream;
        bool isAnswered;
        lock (gate)
        {
            stream = Find(id);
            isAnswered = stream is null || stream.Exchange.HasStarted;
            if (stream is not null)
            {
                sending.Close(stream);
            }
        }

        LetGo(stream);
        sending.GoOn();
        if (!isAnswered)
        {
            CountReset();
        }
    }

    public void TakeWindow(int id, int more)
    {
        var code = ErrorCode.None;
        lock (gate)
        {
            if (id == 0)
            {
                Http2Exception.ThrowUnless(more > 0, ErrorCode.Protocol, "a window was opened by nothing");
                Http2Exception.ThrowUnless(
                    sending.TryOpen(more, streams.Open), ErrorCode.FlowControl, "a window is too large");
            }
            else if (Find(id) is { IsClosed: false } stream)
            {
                code = more == 0 ? ErrorCode.Protocol
                    : !sending.TryOpen(stream, more) ? ErrorCode.FlowControl
                    : ErrorCode.None;
            }
        }

        if (code != ErrorCode.None)
        {
            Refuse(id, code);
        }

        sending.GoOn();
        sending.Send();
    }

    public void TakePing(ReadOnlySpan<byte> payload, bool isAnswer)
    {
        lock (gate)
        {
            if (isAnswer)
            {
                ending.TakeAnswer(payload);
            }
            else
            {
                sending.Frames.Write(FrameType.Ping, FrameFlags.Ack, 0, payload);
            }
        }

        sending.Send();
    }

    /// <param name="payload">Of SETTINGS.</param>
    /// <param name="isFirst">Whether nothing came before.</param>
    public void TakeSettings(ReadOnlySpan<byte> payload, bool isFirst)
    {
        lock (gate)
        {
            Http2Settings.Obey(payload, streams, sending);
            if (isFirst)
            {
                ending.Rest();
            }
        }

        sending.GoOn();
        sending.Send();
    }

    private void TakeTrailers(int id, bool endsStream)
    {
        Http2Stream? stream;
        lock (gate)
        {
            ending.Rest();
            stream = Find(id);
            Http2Exception.ThrowUnless(
                stream is { HasClientEnded: false } or { IsClosed: true } || streams.WasForgotten(id),
                ErrorCode.StreamClosed, "a stream had ended");
            if (stream is null or { IsClosed: true })
            {
                return;
            }

            stream.HasClientEnded = endsStream;
        }

        var (exchange, body) = (stream.Exchange, stream.Exchange.Body);
        var isSound = endsStream && _head.Refusal != HeadRefusal.Malformed;
        exchange.EndBody(_head.Refusal == HeadRefusal.None ? _trailers : null);
        if (!isSound || !body.TryEnd())
        {
            Refuse(id, ErrorCode.Protocol, ForwardError.RequestBodyInvalid);
        }
    }

    private Http2Stream? Find(int id)
    {
        Http2Exception.ThrowUnless(
            id <= streams.Last && id % 2 == 1, ErrorCode.Protocol, "a stream that was never opened");
        return streams.Find(id);
    }

    /// <summary>Resets a stream because of what the client did.</summary>
    private void Refuse(int id, ErrorCode code, ForwardError error = ForwardError.ClientGone)
    {
        Http2Stream? stream;
        lock (gate)
        {
            stream = streams.Find(id);
            if (stream is not null)
            {
                streams.Reset(stream, code, sending);
            }
            else
            {
                sending.Frames.WriteReset(id, code);
                streams.Forget(id);
            }
        }

        // Only now, as the exchange may end with it.
        LetGo(stream, error);
        sending.GoOn();
        sending.Send();
        CountReset();
    }

    // By the thread that reads frames, as is whatever else puts an end to a body.
    public static void LetGo(Http2Stream? stream, ForwardError error = ForwardError.ClientGone)
    {
        stream?.Exchange.Body.Fail(error);
        stream?.Exchange.Timer.ClientHasGone();
    }

    private void CountReset() => Http2Exception.ThrowUnless(
        floods.MayReset(Environment.TickCount64, streams.Answered), ErrorCode.EnhanceYourCalm,
        "streams that come to nothing");
}
