using System.Net;
using System.Text;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Transport;

namespace MiniLB.BackgroundLoops.Health;

/// <summary>Passes where a request is answered with an accepted status and, where one is asked for, the right
/// body.</summary>
internal sealed class HttpHealthChecker : HealthChecker
{
    private const int MostBodyBytes = 64 * 1024;

    private readonly HealthCheckOptions _options;
    private readonly Uri _target;
    private readonly string _host;
    private readonly BackendProtocol _protocol;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _invoker;

    /// <param name="options">How to probe.</param>
    /// <param name="address">What to probe.</param>
    /// <param name="http">What it speaks; where it chooses, the probe follows it.</param>
    /// <param name="connector">Connects to it, and secures that where it is to be.</param>
    /// <param name="time">The clock.</param>
    public HttpHealthChecker(
        HealthCheckOptions options, BackendAddress address, BackendProtocol http, BackendConnector connector,
        TimeProvider time)
    {
        _options = options;
        _protocol = http == BackendProtocol.Auto && !address.Tls ? BackendProtocol.Http11 : http;
        _time = time;
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

    public override async Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = Request();
            using var response = await _invoker.SendAsync(request, either.Token);
            var status = (int)response.StatusCode;
            if (!_options.AcceptedStatuses.Contains(status))
            {
                return new ProbeResult(false, $"status {status}, accepted are {_options.AcceptedStatuses}");
            }

            return _options.Body is null || await ContainsAsync(response, _options.Body, either.Token)
                ? new ProbeResult(true, $"status {status}")
                : new ProbeResult(false, $"status {status}, but the body lacks '{_options.Body}'");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(e, _options.Timeout);
        }
    }

    public override void Dispose() => _invoker.Dispose();

    private HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(new HttpMethod(_options.Method), _target)
        {
            Version = _protocol == BackendProtocol.Http11 ? HttpVersion.Version11 : HttpVersion.Version20,
            VersionPolicy = _protocol == BackendProtocol.Auto
                ? HttpVersionPolicy.RequestVersionOrLower
                : HttpVersionPolicy.RequestVersionExact,
        };
        // HTTP/2 has no such field (RFC 9113 section 8.2.2), and the handler then leaves it out.
        request.Headers.ConnectionClose = _protocol == BackendProtocol.Http2 ? null : true;
        foreach (var (name, value) in _options.Headers)
        {
            // Fields that describe a body are refused by the request and go with its content.
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                (request.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value);
            }
        }

        AddUnlessConfigured(request, "Host", _host);
        AddUnlessConfigured(request, "User-Agent", "minilb-health-check");
        return request;
    }

    private static void AddUnlessConfigured(HttpRequestMessage request, string name, string value)
    {
        if (!request.Headers.Contains(name))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static async Task<bool> ContainsAsync(
        HttpResponseMessage response, string text, CancellationToken cancellationToken)
    {
        var buffer = new byte[MostBodyBytes];
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer.AsSpan(0, length).IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
    }
}
