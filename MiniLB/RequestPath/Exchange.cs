using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http.Features;
using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Summarize;
using MiniLB.State;

namespace MiniLB.RequestPath;

/// <summary>One request and what becomes of it; every station of the request path reads it and adds to it.</summary>
/// <remarks>One object per HTTP/1.1 connection, begun anew for each request. Used by one request at a time.</remarks>
internal sealed class Exchange
{
    private readonly Lifecycle _lifecycle;
    private IFeatureCollection _features;
    private string? _requestId;

    public Exchange(ClientConnection connection, Lifecycle lifecycle, IFeatureCollection features, WorldSnapshot world)
    {
        Connection = connection;
        _lifecycle = lifecycle;
        _features = features;
        Request = features.GetRequiredFeature<IHttpRequestFeature>();
        Response = features.GetRequiredFeature<IHttpResponseFeature>();
        World = world;
        Pool = world.DefaultPool;
        connection.Closed.UnsafeRegister(static timer => ((ExchangeTimer)timer!).ClientHasGone(), Timer);
    }

    public ClientConnection Connection { get; }

    public WorldSnapshot World { get; private set; }

    public PoolSnapshot Pool { get; private set; }

    public ExchangeTimer Timer { get; } = new();

    public TargetCache Targets { get; } = new();

    public AttemptLog Attempts { get; } = new();

    // -- what the client sent

    public IHttpRequestFeature Request { get; private set; }

    public IHeaderDictionary RequestHeaders => Request.Headers;

    public string Method => Request.Method;

    public string Protocol => Request.Protocol;

    /// <summary>The target as sent, byte for byte, in origin form.</summary>
    public string Target { get; private set; } = "/";

    public bool HasRequestBody => _features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;

    /// <summary>True once the body was asked for, and a client that waits for a 100 was told to send it.</summary>
    public bool RequestBodyBegun { get; set; }

    public PipeReader RequestBody => _features.GetRequiredFeature<IRequestBodyPipeFeature>().Reader;

    // -- what Admit found out

    public bool IsFromTrustedProxy { get; set; }

    /// <summary>The client's address after trusted proxies; null behind a unix socket.</summary>
    public IPAddress? Client { get; set; }

    public string ClientText { get; set; } = "";

    public ForwardedFields Forwarded { get; set; }

    public string RequestId
    {
        get => _requestId ??= Admit.RequestIds.Next();
        set => _requestId = value;
    }

    // -- what is answered

    public IHttpResponseFeature Response { get; private set; }

    public IHttpResponseBodyFeature ResponseBody => _features.GetRequiredFeature<IHttpResponseBodyFeature>();

    public bool ResponseBodyStarted { get; set; }

    public ForwardError Outcome { get; set; }

    public TimeSpan ConnectTime { get; set; }

    /// <summary>Timestamps of <see cref="Stopwatch"/>; 0 where it never came.</summary>
    public long StartedAt { get; private set; }

    public long FirstByteAt { get; set; }

    public long BytesIn { get; set; }

    public long BytesOut { get; private set; }

    /// <summary>Makes the object ready for the next request.</summary>
    public void Begin(IFeatureCollection features, WorldSnapshot world)
    {
        _features = features;
        Request = features.GetRequiredFeature<IHttpRequestFeature>();
        Response = features.GetRequiredFeature<IHttpResponseFeature>();
        World = world;
        Pool = world.DefaultPool;
        Target = TargetRules.OriginForm(Request.RawTarget);
        _requestId = null;
        Attempts.Clear();
        RequestBodyBegun = ResponseBodyStarted = false;
        Outcome = ForwardError.None;
        ConnectTime = TimeSpan.Zero;
        FirstByteAt = BytesIn = BytesOut = 0;
        StartedAt = Stopwatch.GetTimestamp();
        Connection.BeginRequest();
    }

    public void CountAnswered(int bytes)
    {
        BytesOut += bytes;
        Connection.CountAnswered(bytes);
    }

    /// <summary>Makes this answer the connection's last where the process is stopping, or where the client may or may
    /// not send the body that it announced: answered without a 100, it is free to leave it out (RFC 9110 section
    /// 10.1.1), and what follows could be read as a body or as a request. Call it with the head copied.</summary>
    public void CloseIfLast()
    {
        if (_lifecycle.IsStopping || (HasRequestBody && !RequestBodyBegun && RequestHeaders.Expect.Count > 0))
        {
            Response.Headers.Connection = "close";
        }
    }

    /// <summary>Breaks the connection off, so that what was answered so far cannot look complete.</summary>
    public void Abort() => _features.Get<IHttpRequestLifetimeFeature>()?.Abort();

    public void End()
    {
        Timer.End();
        Connection.EndRequest();
    }
}
