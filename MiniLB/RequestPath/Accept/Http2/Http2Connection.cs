using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using MiniLB.Config;
using MiniLB.State;
using MiniLB.Transport.Epoll;
using MiniLB.Wire;
using MiniLB.Wire.Http2;

namespace MiniLB.RequestPath.Accept.Http2;

/// <summary>One HTTP/2 connection (RFC 9113): its parts, and what its exchanges do.</summary>
/// <remarks>Frames are read by one thread; answers may be written by any. What they share is guarded by one gate, which
/// nobody holds while an exchange goes on.</remarks>
internal sealed class Http2Connection
{
    private readonly Lock _gate = new();
    private readonly ConnectionContext _context;
    private readonly ClientConnection _client;
    private readonly World _world;
    private readonly Lifecycle _lifecycle;
    private readonly Http2Server _server;
    private readonly Http2Sending _sending;
    private readonly Http2Streams _streams;
    private readonly Http2Ending _ending;
    private readonly Http2FrameReader _reader;
    private readonly TaskCompletionSource _allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isReadingOver;

    public Http2Connection(
        ConnectionContext context, ClientConnection client, World world, Lifecycle lifecycle, Http2Server server)
    {
        (_context, _client, _world, _lifecycle, _server) = (context, client, world, lifecycle, server);
        var limits = world.Current.Options.Limits;
        var head = new HeadLimits((int)limits.RequestLine, (int)limits.HeaderBytes, limits.Headers);
        _sending = new Http2Sending(context, _gate, () => _ending!.AllSent());
        _streams = new Http2Streams(
            MemoryPlan.Current.Http2Streams(limits), MemoryPlan.Current.Windows, _sending.Frames);
        _ending = new Http2Ending(_gate, client, _sending, _streams);
        var floods = new Http2FloodRules();
        _reader = new Http2FrameReader(
            this, new Http2Receiving(this, _gate, _sending, _streams, _ending, floods, head), client, floods, head);
    }

    /// <summary>True once nothing more is wanted from the client.</summary>
    public bool IsOver => _ending.IsOver;

    /// <summary>True where answers wait for the client to take them.</summary>
    public bool IsFull => _sending.IsFull;

    /// <summary>Bytes of bodies that were sent.</summary>
    public long AnsweredBytes => _sending.BodyBytes;

    public ValueTask DrainedAsync() => _sending.DrainedAsync();

    public async Task RunAsync(PipeReader input)
    {
        try
        {
            lock (_gate)
            {
                Http2Settings.Write(_world.Current.Options.Limits, _streams, _sending.Frames);
            }

            _client.BeginHttp2(_ending);
            _sending.Send();
            await _reader.RunAsync(input);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client has gone.
        }
        finally
        {
            CloseAll(isReadingOver: true);
            await _allEnded.Task;
            _streams.Close();
            if (_context is LoopConnection { Loop: var loop })
            {
                // Whoever ends the connection writes to it, as does its loop.
                await loop.EnterAsync();
            }

            _ending.Over();
            if (!_sending.IsEmpty)
            {
                _client.Abort("the last frames were not taken");
            }
        }
    }

    /// <returns>One for a request that comes next.</returns>
    public Http2Exchange NewExchange() =>
        _streams.Free() ?? new Http2Exchange(this, _sending, _client, _lifecycle, _world.Current);

    /// <summary>Has a request served whose head was read.</summary>
    public void Serve(Http2Exchange exchange, Http2RequestHead head, bool hasBody)
    {
        exchange.Begin(_world.Current, head, hasBody);
        exchange.Run(head.Refusal == HeadRefusal.None
            ? _server.Serve(exchange)
            : _server.Refuse(exchange, head.Refusal));
    }

    /// <summary>Ends the connection because of what the client did.</summary>
    public void Fail(Http2Exception e)
    {
        _server.Failed(_client, e);
        _ending.Fail(e.Code);
        CloseAll(isReadingOver: false);
    }

    /// <summary>So many bytes of a body were taken by its exchange.</summary>
    public void Consumed(Http2Stream stream, int bytes)
    {
        lock (_gate)
        {
            _streams.Consume(stream, bytes);
        }

        _sending.Send();
    }

    /// <summary>Breaks a stream off.</summary>
    public void Reset(Http2Stream stream, ErrorCode code)
    {
        lock (_gate)
        {
            _streams.Reset(stream, code, _sending);
        }

        _sending.GoOn();
        _sending.Send();
    }

    /// <summary>A request was served: its stream ends, whatever state it is in.</summary>
    public void End(Http2Exchange exchange)
    {
        var stream = exchange.Stream;
        bool isAllOver;
        lock (_gate)
        {
            if (!stream.HasEnded || !stream.HasClientEnded)
            {
                // What is left of a body is not wanted (section 8.1).
                _streams.Reset(stream, stream.HasEnded ? ErrorCode.None : ErrorCode.Internal, _sending);
            }

            _sending.Close(stream);
            _streams.Consume(exchange.Body.End());
            _streams.Remove(exchange);
            _ending.StreamEnded();
            isAllOver = _isReadingOver && _streams.Count == 0;
        }

        _sending.Send();
        if (_ending.IsOver)
        {
            _sending.GoOn();
        }

        if (isAllOver)
        {
            _allEnded.TrySetResult();
        }
    }

    private void CloseAll(bool isReadingOver)
    {
        Http2Stream[] open;
        lock (_gate)
        {
            _isReadingOver |= isReadingOver;
            open = [.. _streams.Open];
            Array.ForEach(open, _sending.Close);
            if (_isReadingOver && open.Length == 0)
            {
                _allEnded.TrySetResult();
            }
        }

        Array.ForEach(open, s => Http2Receiving.LetGo(s));
        _sending.GoOn();
    }
}
