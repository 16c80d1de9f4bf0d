using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using MiniLB.RequestPath.Forward;
using MiniLB.State;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Accept;

/// <summary>A request over HTTP/2, as Kestrel hands it over. One object per stream.</summary>
internal sealed class Http2Exchange : Exchange
{
    private const int ProtocolError = 0x1;
    private const int InternalError = 0x2;

    // It takes Kestrel a moment on another thread; a request that waited in vain would hold its stream for good.
    private static readonly TimeSpan AbortTakes = TimeSpan.FromSeconds(1);

    private readonly IFeatureCollection _features;
    private readonly IHttpRequestFeature _request;
    private readonly IHttpResponseFeature _response;
    private readonly IHttpResponseBodyFeature _body;
    private readonly IHttpExtendedConnectFeature? _connect;
    private readonly Http2ResponseBody _output;
    private readonly string _webSocketKey = "";
    private Stream? _switched;
    private PipeReader? _clientBody;
    private bool _isComplete;

    public Http2Exchange(IFeatureCollection features, Lifecycle lifecycle, WorldSnapshot world)
        : base(features.GetRequiredFeature<ClientConnection>(), lifecycle, world)
    {
        _features = features;
        _request = features.GetRequiredFeature<IHttpRequestFeature>();
        _response = features.GetRequiredFeature<IHttpResponseFeature>();
        _body = features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _connect = features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect ? connect : null;
        _output = new Http2ResponseBody(_body.Writer, Timer, world.Options.Timeouts.Write);
        Begin(world);
        Host = _request.Headers.Host.ToString();
        Refusal = Http2RequestRules.Read(_request, RequestFields, world.Options.Limits);
        // An extended CONNECT is an HTTP/1.1 GET with Upgrade by another name (RFC 8441 section 5).
        Method = _connect is null ? _request.Method : "GET";
        Target = TargetForm.Origin(_request.RawTarget, Method);
        if (_connect is not null)
        {
            _webSocketKey = WebSocketHandshake.NewKey();
            RequestFields.Add("Sec-WebSocket-Key"u8, _webSocketKey);
            Refusal ??= _connect.Protocol == "websocket" ? null : HeadRefusal.Malformed;
        }

        Aborted.UnsafeRegister(
            static timer => ((ExchangeTimer)timer!).ClientHasGone(), Timer);
    }

    /// <summary>Why the request is not served; null where it is.</summary>
    public HeadRefusal? Refusal { get; }

    public override string Protocol => "HTTP/2";

    public override string Scheme => _request.Scheme;

    public override FieldList RequestFields { get; } = new();

    public override string Host { get; }

    public override BodyFraming RequestFraming => _connect is not null || !HasBody ? BodyFraming.None
        : RequestLength is > 0 ? BodyFraming.Length
        : BodyFraming.Chunked;

    public override long? RequestLength => _connect is null ? _request.Headers.ContentLength : null;

    private CancellationToken Aborted => _features.GetRequiredFeature<IHttpRequestLifetimeFeature>().RequestAborted;

    protected override PipeReader ClientBody => _clientBody ??= Limited(World.Options.Limits.Body);

    // Kestrel says 100 by itself when the body is first read.
    public override bool AwaitsContinue => false;

    public override string? UpgradeTo => _connect?.Protocol;

    private Http2ClientBody Limited(long most)
    {
        var body = _features.GetRequiredFeature<IRequestBodyPipeFeature>().Reader;
        return new Http2ClientBody(body, most == 0 ? long.MaxValue : most);
    }

    private bool HasBody => _features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;

    // Kestrel's HTTP/2 knows no interim answers but its own 100.
    public override ValueTask SendInterimAsync(ResponseHead head) => default;

    public override void Start(ResponseHead head, bool closes)
    {
        StrictTransport.Apply(Connection, head);
        Answers(head, head.Status);
        _response.StatusCode = head.Status;
        var headers = _response.Headers;
        for (var i = 0; i < head.Fields.Count; i++)
        {
            var field = head.Fields[i];
            if (field.Passes && (field.Id != FieldId.ContentLength || head.Status != 204))
            {
                var name = Encoding.ASCII.GetString(field.Name);
                headers[name] = StringValues.Concat(headers[name], Encoding.Latin1.GetString(field.Value));
            }
        }
    }

    public override void Write(ReadOnlySpan<byte> data) => _output.Write(data);

    public override ValueTask<bool> FlushAsync() => _output.FlushAsync();

    public override async ValueTask<bool> CompleteAsync(FieldList? trailers)
    {
        if (trailers is not null && _features.Get<IHttpResponseTrailersFeature>() is { } feature)
        {
            for (var i = 0; i < trailers.Count; i++)
            {
                if (trailers[i].Passes)
                {
                    feature.Trailers.Append(
                        Encoding.ASCII.GetString(trailers[i].Name), Encoding.Latin1.GetString(trailers[i].Value));
                }
            }
        }

        if (!await FlushAsync())
        {
            return false;
        }

        await _body.CompleteAsync();
        _isComplete = true;
        return true;
    }

    /// <summary>Breaks off what was not answered to its end.</summary>
    /// <remarks>Kestrel shuts the output of a stream that its client has reset before it notes that the stream is
    /// aborted. A request that ended between the two would stand in the log as one whose answer was too
    /// short.</remarks>
    public async ValueTask SettleAsync()
    {
        if (_isComplete || _switched is not null)
        {
            return;
        }

        Abort();
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = Aborted.UnsafeRegister(
            static aborted => ((TaskCompletionSource)aborted!).TrySetResult(), aborted);
        await aborted.Task.WaitAsync(AbortTakes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override async ValueTask<IDuplexPipe> SwitchAsync(ResponseHead head)
    {
        WebSocketHandshake.Hold(head.Fields);
        Start(head, closes: false);
        _response.StatusCode = StatusCodes.Status200OK;
        Answers(head, _response.StatusCode);
        _switched = await _connect!.AcceptAsync();
        return new StreamPipe(_switched);
    }

    public override async ValueTask EndSwitchedOutputAsync() => await _body.CompleteAsync();

    public override void End()
    {
        base.End();
        Timer.Close();
        PersonalConnection.ReleaseAll(this);
    }

    public override void Abort()
    {
        if (_features.Get<IHttpResetFeature>() is { } reset)
        {
            reset.Reset(Refusal is null ? InternalError : ProtocolError);
        }
        else
        {
            _features.Get<IHttpRequestLifetimeFeature>()?.Abort();
        }
    }

    public override ForwardError ReadTrailers(out FieldList? trailers)
    {
        trailers = null;
        if (_features.Get<IHttpRequestTrailersFeature>() is not { Available: true } feature)
        {
            return ForwardError.None;
        }

        trailers = new FieldList();
        return !Http2RequestRules.Copy(feature.Trailers, trailers) || Http2RequestRules.NamesConnection(trailers)
                ? ForwardError.RequestBodyInvalid
            : !Http2RequestRules.Fit(trailers, World.Options.Limits) ? ForwardError.RequestTrailersTooLarge
            : ForwardError.None;
    }

    // To the client of an extended CONNECT 2xx opens the tunnel.
    public override bool CanBeAnswered(ResponseHead answer) => _connect is null || (answer.Status == 101
        ? WebSocketHandshake.IsAnswered(_webSocketKey, answer)
        : answer.Status is < 200 or > 299);

    /// <summary>A stream as the two pipes that a tunnel asks for.</summary>
    private sealed class StreamPipe(Stream stream) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream);

        public PipeWriter Output { get; } = PipeWriter.Create(stream);
    }
}
