using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using MiniLB.Config;
using MiniLB.Transport;

namespace MiniLB.Cli;

/// <summary>Speaks to the admin address of a running instance.</summary>
/// <param name="address">Where it is.</param>
/// <param name="limit">How long an answer may take; null means 5 s.</param>
internal sealed class AdminClient(AdminAddress address, TimeSpan? limit = null) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    // Whatever the address: it is served under this name.
    private readonly Uri _root = new(address.Trust is null ? "http://localhost" : "https://localhost");

    private readonly HttpClient _http = Create(address.Listen, address.Trust, limit);

    /// <param name="address">Where to connect, whatever a URL says; null to go by the URL.</param>
    /// <param name="trust">By what an https instance is known; null to go by the system's authorities.</param>
    /// <param name="limit">How long an answer may take; null means 5 s.</param>
    public static HttpClient Create(ListenAddress? address, AdminTrust? trust, TimeSpan? limit = null) =>
        new(new SocketsHttpHandler
        {
            SslOptions = trust?.Options(address) ?? new SslClientAuthenticationOptions(),
            UseProxy = false,
            AllowAutoRedirect = false,
            ConnectCallback = address is null ? null : async (_, cancellationToken) =>
            {
                var endpoint = Reachable(address);
                var socket = new Socket(endpoint.AddressFamily, SocketType.Stream,
                    address.IsUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
                await socket.ConnectAsync(endpoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            Timeout = limit ?? Limit,
        };

    public Task<AdminReply> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    /// <param name="method">The method.</param>
    /// <param name="path">The target, encoded.</param>
    /// <param name="json">The body; null where a request of that method has none.</param>
    /// <exception cref="AdminCallException">Nobody answers, or not to us.</exception>
    public async Task<AdminReply> SendAsync(HttpMethod method, string path, byte[]? json)
    {
        using var request = new HttpRequestMessage(method, new Uri(_root, path));
        if (address.Token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", address.Token);
        }

        if (json is not null)
        {
            request.Content = new ByteArrayContent(json);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        try
        {
            using var response = await _http.SendAsync(request);
            var body = await response.Content.ReadAsByteArrayAsync();
            if (response.StatusCode == HttpStatusCode.BadRequest && body.AsSpan().IndexOf("tls-required"u8) >= 0)
            {
                throw new AdminCallException(
                    ExitCode.Wrong, "the instance speaks TLS: give --config FILE, or --ca FILE");
            }

            return response.StatusCode == HttpStatusCode.Unauthorized
                ? throw new AdminCallException(ExitCode.Wrong, address.Token is null
                    ? "the instance asks for its token: give --token-file FILE or MINILB_ADMIN__TOKEN"
                    : "the instance has another token")
                : new AdminReply(response.StatusCode, body);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            throw new AdminCallException(ExitCode.Failed, BackendTls.Describe(e) is { } problem
                ? $"no TLS with {address.Listen.Text}: {problem}"
                : $"nobody answers at {address.Listen.Text}: {(e.InnerException ?? e).Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    // An address to listen on everywhere is reached on loopback.
    private static EndPoint Reachable(ListenAddress address) =>
        address is { AnyAddress: true, EndPoint: IPEndPoint any }
            ? new IPEndPoint(IPAddress.Loopback, any.Port)
            : address.EndPoint;
}

/// <summary>What the admin address answered.</summary>
internal sealed record AdminReply(HttpStatusCode Status, byte[] Body);
