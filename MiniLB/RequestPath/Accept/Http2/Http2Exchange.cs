using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using MiniLB.Async;
using MiniLB.RequestPath.Forward;
using MiniLB.State;
using MiniLB.Wire;
using MiniLB.Wire.Http2;

namespace MiniLB.RequestPath.Accept.Http2;

/// <summary>A request over HTTP/2. Some objects for each connection, begun anew for one stream after another.</summary>
internal sealed class Http2Exchange : Exchange
{
    private readonly Http2Connection _owner;
    private readonly Http2Sending _sending;
    private readonly Action _served;
    private FrameTask _serving;
    private RepeatedText _hosts;
    private FieldList? _trailers;
    private ForwardError _trailerError;
    private string? _protocol;
    private string _webSocketKey = "";
    private long? _length;
    private bool _hasBody;
    private bool _expectsContinue;
    private bool _hasSentContinue;
    private bool _isRefused;

    public Http2Exchange(
        Http2Connection owner, Http2Sending sending, ClientConnection connection, Lifecycle lifecycle,
        WorldSnapshot world)
        : base(connection, lifecycle, world)
    {
        (_owner, _sending) = (owner, sending);
        Stream = new Http2Stream(this);
        Body = new Http2RequestBody(bytes => _owner.Consumed(Stream, bytes));
        _served = Served;
    }

    public Http2Stream Stream { get; }

    public Http2RequestBody Body { get; }

    public override string Protocol => "HTTP/2";

    public override string Scheme => Connection.Tls is null ? "http" : "https";

    public override FieldList RequestFields { get; } = new();

    public override string Host => _hosts.Of(RequestFields.First(FieldId.Host));

    public override BodyFraming RequestFraming => _protocol is not null || !_hasBody ? BodyFraming.None
        : _length is > 0 ? BodyFraming.Length
        : BodyFraming.Chunked;

    public override long? RequestLength => _protocol is null ? _length : null;

    protected override PipeReader ClientBody => Body;

    public override bool AwaitsContinue => _expectsContinue && !_hasSentContinue && !Body.HasBegun;

    public override bool HasSentContinue => _hasSentContinue;

    public override string? UpgradeTo => _protocol;

    /// <summary>Begins with the head that was read.</summary>
    /// <param name="world">The state of this moment.</param>
    /// <param name="head">The head; its fields are those of the exchange.</param>
    /// <param name="hasBody">Whether more follows.</param>
    public void Begin(WorldSnapshot world, Http2RequestHead head, bool hasBody)
    {
        Begin(world);
        (_protocol, _length, _hasBody) = (head.Protocol, head.Length, hasBody);
        (_trailers, _trailerError, _hasSentContinue) = (null, ForwardError.None, false);
        _expectsContinue = hasBody && head.ExpectsContinue;
        _isRefused = head.Refusal != HeadRefusal.None;
        // An extended CONNECT is an HTTP/1.1 GET with Upgrade by another name (RFC 8441 section 5).
        Method = _protocol is null ? head.Method : "GET";
        Target = head.Path;
        if (_protocol is not null)
        {
            _webSocketKey = WebSocketHandshake.NewKey();
            RequestFields.Add("Sec-WebSocket-Key"u8, _webSocketKey);
        }

        Body.Begin(hasBody, head.Length, _protocol is null ? world.Options.Limits.Body : 0);
    }

    /// <summary>False where somebody may still have to do with the last request: a tunnel is known to those who end
    /// quiet ones, and of what broke unexpectedly nothing is known.</summary>
    public bool CanBeUsedAgain => _protocol is null && Outcome != ForwardError.Unexpected;

    /// <summary>Has the connection end the stream as soon as the request was served.</summary>
    public void Run(FrameTask serving)
    {
        _serving = serving.GetAwaiter();
        if (_serving.IsCompleted)
        {
            Served();
        }
        else
        {
            _serving.UnsafeOnCompleted(_served);
        }
    }

    /// <summary>What followed the body.</summary>
    /// <param name="trailers">Null where it was too much.</param>
    public void EndBody(FieldList? trailers)
    {
        _trailers = trailers;
        _trailerError = trailers is null ? ForwardError.RequestTrailersTooLarge : ForwardError.None;
    }

    /// <summary>The client takes some of what waits for it: its time begins anew.</summary>
    public void HasProgressed() => Timer.Wait(TimeLimit.ClientTakes, World.Options.Timeouts.Write);

    public override ForwardError ReadTrailers(out FieldList? trailers)
    {
        trailers = _trailers;
        return _trailerError;
    }

    public override ValueTask SendInterimAsync(ResponseHead head)
    {
        _hasSentContinue |= head.Status == 100;
        _sending.WriteHead(Stream, head, head.Status, ends: false);
        return _sending.TryFlush(Stream, out _) ? default : new ValueTask(WaitAsync().AsTask());
    }

    public override void Start(ResponseHead head, bool closes)
    {
        StrictTransport.Apply(Connection, head);
        Answers(head, head.Status);
        var hasNoBody = Method == "HEAD" || head.Status is 204 or 304;
        _sending.WriteHead(Stream, head, head.Status, hasNoBody);
    }

    public override void Write(ReadOnlySpan<byte> data) => _sending.WriteData(Stream, data);

    public override ValueTask<bool> FlushAsync() =>
        _sending.TryFlush(Stream, out var isOpen) ? new ValueTask<bool>(isOpen) : WaitAsync();

    public override ValueTask<bool> CompleteAsync(FieldList? trailers) =>
        _sending.TryFlush(Stream, out var isOpen, ends: true, trailers)
            ? new ValueTask<bool>(isOpen)
            : WaitAndEndAsync(trailers);

    public override ValueTask<IDuplexPipe> SwitchAsync(ResponseHead head)
    {
        WebSocketHandshake.Hold(head.Fields);
        StrictTransport.Apply(Connection, head);
        Answers(head, StatusCodes.Status200OK);
        // To the client of an extended CONNECT 2xx opens the tunnel.
        _sending.WriteHead(Stream, head, StatusCodes.Status200OK, ends: false);
        _sending.Send();
        return new ValueTask<IDuplexPipe>(new Switched(Body, new Http2TunnelOutput(this)));
    }

    public override ValueTask EndSwitchedOutputAsync()
    {
        _sending.End(Stream, trailers: null);
        _sending.Send();
        return default;
    }

    public override void End()
    {
        base.End();
        PersonalConnection.ReleaseAll(this);
        Introduced = null;
        RequestFields.LetGo();
        Answer.Fields.LetGo();
    }

    public override void Abort() => _owner.Reset(Stream, _isRefused ? ErrorCode.Protocol : ErrorCode.Internal);

    public override bool CanBeAnswered(ResponseHead answer) => _protocol is null || (answer.Status == 101
        ? WebSocketHandshake.IsAnswered(_webSocketKey, answer)
        : answer.Status is < 200 or > 299);

    private void Served()
    {
        try
        {
            _serving.GetResult();
        }
        finally
        {
            _serving = default;
            _owner.End(this);
        }
    }

    private async ValueTask<bool> WaitAsync()
    {
        HasProgressed();
        await using var cancelled = Timer.Token.UnsafeRegister(
            static e => ((Http2Exchange)e!)._sending.GiveUp(((Http2Exchange)e).Stream), this);
        return await Stream.WaitAsync();
    }

    private async ValueTask<bool> WaitAndEndAsync(FieldList? trailers)
    {
        if (!await WaitAsync())
        {
            return false; // what the client has of it must not look complete
        }

        _sending.End(Stream, trailers);
        _sending.Send();
        return true;
    }

    /// <summary>A stream as the two pipes that a tunnel asks for.</summary>
    private sealed record Switched(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
