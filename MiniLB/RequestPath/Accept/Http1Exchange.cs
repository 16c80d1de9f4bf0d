using System.IO.Pipelines;
using MiniLB.RequestPath.Forward;
using MiniLB.State;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Accept;

/// <summary>A request over HTTP/1.x. One object per connection, begun anew for each request.</summary>
internal sealed class Http1Exchange : Exchange, IDuplexPipe
{
    private readonly IDuplexPipe _transport;
    private readonly Http1ResponseWriter _response;
    private RepeatedText _hosts;

    // Written when a tunnel begins, read when the client's side ends.
    private volatile bool _isSwitched;

    public Http1Exchange(ClientConnection connection, Lifecycle lifecycle, WorldSnapshot world, IDuplexPipe transport)
        : base(connection, lifecycle, world)
    {
        _transport = transport;
        _response = new Http1ResponseWriter(transport.Output);
        Body = new Http1RequestBody(transport.Input);
        connection.WhenClosed(static exchange => ((Http1Exchange)exchange).ClientEnded(), this);
    }

    /// <summary>Where the next head is read into.</summary>
    public RequestHead Head { get; } = new();

    public Http1RequestBody Body { get; }

    public override string Protocol => Head.MinorVersion == 0 ? "HTTP/1.0" : "HTTP/1.1";

    public override string Scheme => Connection.Tls is null ? "http" : "https";

    public override FieldList RequestFields => Head.Fields;

    public override string Host => Head.Fields.Has(FieldId.Host)
        ? _hosts.Of(Head.Fields.First(FieldId.Host))
        : TargetForm.Authority(Head.RawTarget).ToString();

    public override BodyFraming RequestFraming => Head.Framing;

    public override long? RequestLength =>
        Head.Framing != BodyFraming.Chunked && Head.Fields.Has(FieldId.ContentLength) ? Head.ContentLength : null;

    protected override PipeReader ClientBody => Body;

    public override bool AwaitsContinue => Head.ExpectsContinue
        && !HasSentContinue && !Body.HasBegun && !Body.IsComplete;

    public override bool HasSentContinue => _response.HasSentContinue;

    public override string? UpgradeTo => UpgradeRules.Wanted(Head);

    /// <summary>True where another request may follow on the connection.</summary>
    public bool KeepsAlive => _response.KeepsAlive && !_isSwitched;

    PipeReader IDuplexPipe.Input => _transport.Input;

    PipeWriter IDuplexPipe.Output => _transport.Output;

    /// <summary>Begins with the head that was read, as far as it could be.</summary>
    /// <param name="world">The state of this moment.</param>
    /// <param name="limits">How large the trailers may be.</param>
    public void Begin(WorldSnapshot world, in HeadLimits limits)
    {
        Begin(world);
        Method = Head.Method;
        Target = TargetForm.Origin(Head.RawTarget, Method);
        Body.Begin(Head, world.Options.Limits.Body, limits);
        _response.Begin(Head);
    }

    // What is malformed has already ended the reading of the body.
    public override ForwardError ReadTrailers(out FieldList? trailers)
    {
        trailers = Head.Framing == BodyFraming.Chunked ? Body.Trailers : null;
        return ForwardError.None;
    }

    public override ValueTask SendInterimAsync(ResponseHead head) => _response.SendInterimAsync(head);

    public override void Start(ResponseHead head, bool closes)
    {
        StrictTransport.Apply(Connection, head);
        Answers(head, head.Status);
        // A client that was not told to send its body is free to leave it out (RFC 9110 section 10.1.1), and what
        // follows could be read as a body or as a request.
        _response.Start(head, closes || IsStopping || AwaitsContinue);
    }

    public override void Write(ReadOnlySpan<byte> data) => _response.Write(data);

    public override PipeWriter PlainOutput => _transport.Output;

    public override ValueTask<bool> FlushAsync()
    {
        var flush = _response.FlushAsync();
        if (!flush.IsCompleted)
        {
            // A client that does not read is the connection sweep's matter, which ends the connection.
            Timer.Wait(TimeLimit.None, TimeSpan.Zero);
        }

        return flush;
    }

    public override ValueTask<bool> CompleteAsync(FieldList? trailers) => _response.CompleteAsync(trailers);

    public override async ValueTask<IDuplexPipe> SwitchAsync(ResponseHead head)
    {
        _isSwitched = true;
        Connection.BeginTunnel(Timer.EndTunnel);
        Answers(head, head.Status);
        _response.Start(head, closes: false);
        await _response.FlushAsync();
        return this;
    }

    public override ValueTask EndSwitchedOutputAsync()
    {
        Connection.EndOutput();
        return default;
    }

    public override void End()
    {
        base.End();
        Head.Fields.LetGo();
        Answer.Fields.LetGo();
    }

    public override void Abort() => Connection.Abort("the exchange was broken off");

    // In a tunnel each direction ends by itself.
    private void ClientEnded()
    {
        if (!_isSwitched)
        {
            Timer.ClientHasGone();
        }
    }
}
