using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Admit;
using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Hooks;
using MiniLB.RequestPath.Retry;
using MiniLB.RequestPath.Route;
using MiniLB.RequestPath.Summarize;
using MiniLB.State;
using MiniLB.Wire;

namespace MiniLB.RequestPath;

/// <summary>One request and what becomes of it; every station of the request path reads it and adds to it.</summary>
/// <remarks>What differs between HTTP/1.1 and HTTP/2 is abstract. Used by one request at a time.</remarks>
internal abstract class Exchange(ClientConnection connection, Lifecycle lifecycle, WorldSnapshot world)
{
    private RequestIdentity _id;
    private ChunkedDecoder? _answerDecoder;
    private RepeatableBody _body;
    private PoolTimeoutOptions? _timeouts;
    private ForwardedTarget? _forwardedTarget;
    private EntryNote _entry;

    // Written by the exchange when a head has arrived, read by whoever passes on the request body beside it.
    private volatile bool _isAnswered;

    public ClientConnection Connection { get; } = connection;

    public WorldSnapshot World { get; private set; } = world;

    public PoolSnapshot Pool { get; set; } = world.DefaultPool;

    public ExchangeTimer Timer { get; } = new();

    public AttemptLog Attempts { get; } = new();

    // -- what the client sent

    public string Method { get; protected set; } = "";

    /// <summary>The target as sent, byte for byte, in origin form.</summary>
    public string Target { get; protected set; } = "";

    public abstract string Protocol { get; }

    /// <summary>http or https.</summary>
    public abstract string Scheme { get; }

    public abstract FieldList RequestFields { get; }

    /// <summary>The name of the host that the client asks for; empty where HTTP/1.0 said none.</summary>
    public abstract string Host { get; }

    public abstract BodyFraming RequestFraming { get; }

    /// <summary>The announced length of the body; null where it is not known.</summary>
    public abstract long? RequestLength { get; }

    /// <summary>The body without its framing, kept where <see cref="KeepRequestBody"/> has said so.</summary>
    public PipeReader RequestBody => _body.Reader(ClientBody);

    /// <summary>True while all that was consumed of the body can be sent again.</summary>
    public bool CanRewindBody => _body.CanRewind;

    protected abstract PipeReader ClientBody { get; }

    /// <summary>What followed the body, once that has been read to its end; null where nothing did.</summary>
    /// <returns>What is wrong with it, if anything.</returns>
    public abstract ForwardError ReadTrailers(out FieldList? trailers);

    /// <summary>False for an answer that would mean something else in the client's protocol.</summary>
    public virtual bool CanBeAnswered(ResponseHead answer) => true;

    /// <summary>True where the client waits for a 100 before it sends its body.</summary>
    public abstract bool AwaitsContinue { get; }

    /// <summary>True once the client was told to send its body.</summary>
    public virtual bool HasSentContinue => false;

    /// <summary>The protocol that the client wants to switch to, as sent; null where it wants none.</summary>
    public abstract string? UpgradeTo { get; }

    /// <summary>A gRPC stream is quiet for as long as it likes: it has the time of a tunnel.</summary>
    public bool IsGrpc => RequestFields.First(FieldId.ContentType).StartsWith("application/grpc"u8);

    /// <summary>How long nothing may move, in either direction.</summary>
    public TimeSpan IdleLimit => IsGrpc ? Timeouts.Tunnel : Timeouts.Idle;

    public bool HasRequestBody => RequestFraming != BodyFraming.None;

    // -- what Admit found out

    public bool IsFromTrustedProxy { get; set; }

    /// <summary>The client's address after trusted proxies; null behind a unix socket.</summary>
    public IPAddress? Client { get; set; }

    public string ClientText { get; set; } = "";

    public ForwardedFields Forwarded { get; set; }

    public TraceContext? Trace { get; set; }

    public ref EntryNote Entry => ref _entry;

    public string RequestId
    {
        get => _id.Text;
        set => _id.Text = value;
    }

    /// <summary>The same where no text is needed.</summary>
    public ref RequestIdentity Id => ref _id;

    // -- what routes, rules and hooks change

    /// <summary>The pool's, or what the route has in their place.</summary>
    public PoolTimeoutOptions Timeouts
    {
        get => _timeouts ?? Pool.Options.Timeouts;
        set => _timeouts = value;
    }

    /// <summary>The target that backends are sent: the client's, or what the route makes of it.</summary>
    public ForwardedTarget ForwardedTarget
    {
        get => _forwardedTarget ?? new ForwardedTarget(Target);
        set => _forwardedTarget = value;
    }

    /// <summary>The Host that backends are sent in place of the client's; null for the client's own.</summary>
    public string? HostOverride { get; set; }

    /// <summary>The hooks that are to see the answer; null where there are none.</summary>
    public HookedRequest? Hooked { get; set; }

    // -- what a backend answers

    /// <summary>A head as the backend sent it; valid until the next attempt.</summary>
    public ResponseHead Answer { get; } = new();

    public ChunkedDecoder AnswerDecoder => _answerDecoder ??= new ChunkedDecoder();

    /// <summary>Decides which answers are not passed on; null where all are.</summary>
    public AnswerGate? Gate { get; set; }

    /// <summary>What binds the client to the backend that answers; null where there is nothing to tell.</summary>
    public string? SessionCookie { get; set; }

    /// <summary>The backend connection that only this client may use, if there is one.</summary>
    public PersonalConnection? Personal { get; set; }

    /// <summary>The backend connections that were introduced as this client's; null where there are none.</summary>
    public IntroducedConnections? Introduced { get; set; }

    /// <summary>Told of the head of an answer; null unless the attempt tries a backend with a half-open
    /// circuit.</summary>
    public CircuitTrial? Trial { get; set; }

    // -- what is answered

    /// <summary>What was answered; 0 until the head has been written.</summary>
    public int Status { get; private set; }

    /// <summary>The head that was answered; null until it has been written.</summary>
    public ResponseHead? AnsweredHead { get; private set; }

    public bool HasStarted => Status != 0;

    /// <summary>True once a backend's final head has arrived.</summary>
    public bool IsAnswered
    {
        get => _isAnswered;
        set
        {
            _isAnswered = value;
            if (value)
            {
                Trial?.Answered(Answer.Status);
            }
        }
    }

    public ForwardError Outcome { get; set; }

    public TimeSpan ConnectTime { get; set; }

    /// <summary>Timestamps of <see cref="Stopwatch"/>; 0 where it never came.</summary>
    public long StartedAt { get; private set; }

    public long FirstByteAt { get; set; }

    /// <summary>Bytes of the client's body, however often they were sent on, and of its side of a tunnel.</summary>
    public long BytesIn { get; set; }

    /// <summary>How long the client was waited for while its body was read, in all attempts.</summary>
    public TimeSpan WaitedForBody { get; set; }

    public long BytesOut { get; private set; }

    protected bool IsStopping => lifecycle.IsStopping;

    /// <summary>Keeps what is consumed of the body from its first byte on, so that it can be sent again.</summary>
    /// <param name="most">Bytes; a body that is announced to be longer is not kept at all.</param>
    public void KeepRequestBody(long most)
    {
        if (RequestLength is null || RequestLength <= most)
        {
            _body.Keep(ClientBody, most);
        }
    }

    /// <summary>Begins the body anew for another attempt; nobody reads it meanwhile.</summary>
    public void RewindBody() => _body.Rewind();

    /// <summary>Counts what an attempt has read of the body; what it reads again was counted before.</summary>
    public void CountBody(long bytes)
    {
        _body.Advance(bytes);
        BytesIn = Math.Max(BytesIn, _body.Position);
    }

    /// <summary>Decides over the answer that has come. Where it is the client's, nothing is sent again, and nothing of
    /// the body is kept any longer.</summary>
    /// <returns>True where it is thrown away, and the request can be sent again.</returns>
    public bool RefusesAnswer()
    {
        if (Gate is not null && (!HasRequestBody || CanRewindBody) && Gate.Refuses(Answer.Status))
        {
            return true;
        }

        _body.GiveUp();
        return false;
    }

    /// <summary>Passes on an interim answer (1xx) at once, where the client's protocol can carry it.</summary>
    public abstract ValueTask SendInterimAsync(ResponseHead head);

    /// <summary>Writes the response head; it leaves with the first flush.</summary>
    /// <param name="head">The head, whose lines that end here are held.</param>
    /// <param name="closes">True to make this the connection's last answer.</param>
    public abstract void Start(ResponseHead head, bool closes);

    /// <summary>Writes a piece of the response body; it leaves with the next flush.</summary>
    public abstract void Write(ReadOnlySpan<byte> data);

    /// <summary>Takes a body of known length byte for byte; null where it must pass through us.</summary>
    public virtual PipeWriter? PlainOutput => null;

    /// <returns>False where the client has gone.</returns>
    public abstract ValueTask<bool> FlushAsync();

    /// <summary>Ends the response and sends what is left of it.</summary>
    /// <returns>False where the client has gone.</returns>
    public abstract ValueTask<bool> CompleteAsync(FieldList? trailers);

    /// <summary>Switches to another protocol: the head of the 101 is sent, and bytes flow freely.</summary>
    public abstract ValueTask<IDuplexPipe> SwitchAsync(ResponseHead head);

    /// <summary>Tells the client that nothing more comes, while what it sends still goes on.</summary>
    public abstract ValueTask EndSwitchedOutputAsync();

    /// <summary>Breaks the response off, so that what was answered so far cannot look complete.</summary>
    public abstract void Abort();

    protected void Begin(WorldSnapshot world)
    {
        World = world;
        Pool = world.DefaultPool;
        (_timeouts, _forwardedTarget, _entry, _id) = (null, null, default, default);
        (HostOverride, Trace) = (null, null);
        Attempts.Clear();
        (Gate, Trial, SessionCookie, Hooked, AnsweredHead) = (null, null, null, null, null);
        (IsAnswered, Status, Outcome) = (false, 0, ForwardError.None);
        ConnectTime = WaitedForBody = TimeSpan.Zero;
        (FirstByteAt, BytesIn, BytesOut, StartedAt) = (0, 0, 0, Stopwatch.GetTimestamp());
        Connection.BeginRequest();
    }

    /// <summary>Notes what is answered, with the status in the client's protocol, and tells of its limits.</summary>
    protected void Answers(ResponseHead head, int status) => (AnsweredHead, Status) = (_entry.Tell(head), status);

    public virtual void End()
    {
        _body.End();
        Timer.End();
        Connection.EndRequest();
    }

    public void CountAnswered(long bytes)
    {
        BytesOut += bytes;
        Connection.CountAnswered(bytes);
    }
}
