using System.Net;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Transport;

namespace MiniLB.BackgroundLoops.Health;

/// <summary>Probes in HTTP/2, or in what an https backend chooses, through SocketsHttpHandler.</summary>
internal sealed class Http2HealthChecker : HttpHealthChecker
{
    private readonly Uri _target;
    private readonly string _host;
    private readonly BackendProtocol _protocol;
    private readonly HttpMessageInvoker _invoker;

    /// <param name="options">How to probe.</param>
    /// <param name="address">What to probe.</param>
    /// <param name="http">What it speaks; where it chooses, the probe follows it.</param>
    /// <param name="connector">Connects to it, and secures that where it is to be.</param>
    /// <param name="time">The clock.</param>
    public Http2HealthChecker(
        HealthCheckOptions options, BackendAddress address, BackendProtocol http, BackendConnector connector,
        TimeProvider time)
        : base(options, time)
    {
        _protocol = http;
        _host = options.Host ?? address.Authority;
        // What the connector has secured the handler takes as it is.
        _target = new Uri($"{(address.Tls ? "https" : "http")}://{address.Authority}{options.Path ?? "/"}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            ConnectCallback = async (_, cancellationToken) => await connector.ConnectAsync(address, cancellationToken),
        });
    }

    public override void Dispose() => _invoker.Dispose();

    protected override async Task<ProbeResult> AskAsync(CancellationToken cancellationToken)
    {
        using var request = Request();
        using var response = await _invoker.SendAsync(request, cancellationToken);
        var status = (int)response.StatusCode;
        if (!WantsBody(status))
        {
            return Judge(status, body: default);
        }

        var buffer = new byte[MostBodyBytes];
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return Judge(status, buffer.AsSpan(0, length));
    }

    private HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(new HttpMethod(Options.Method), _target)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = _protocol == BackendProtocol.Auto
                ? HttpVersionPolicy.RequestVersionOrLower
                : HttpVersionPolicy.RequestVersionExact,
        };
        // HTTP/2 has no such field (RFC 9113 section 8.2.2), and the handler then leaves it out.
        request.Headers.ConnectionClose = _protocol == BackendProtocol.Http2 ? null : true;
        foreach (var (name, value) in Options.Headers)
        {
            // Fields that describe a body are refused by the request and go with its content.
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                (request.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value);
            }
        }

        AddUnlessConfigured(request, "Host", _host);
        AddUnlessConfigured(request, "User-Agent", UserAgent);
        return request;
    }

    private static void AddUnlessConfigured(HttpRequestMessage request, string name, string value)
    {
        if (!request.Headers.Contains(name))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
