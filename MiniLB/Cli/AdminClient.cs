using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using MiniLB.Config;

namespace MiniLB.Cli;

/// <summary>Speaks to the admin address of a running instance.</summary>
internal sealed class AdminClient(AdminAddress address) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    // Whatever the address: it is served under this name.
    private static readonly Uri Root = new("http://localhost");

    private readonly HttpClient _http = Create(address.Listen);

    /// <param name="address">Where to connect, whatever a URL says; null to go by the URL.</param>
    public static HttpClient Create(ListenAddress? address) => new(new SocketsHttpHandler
    {
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
        Timeout = Limit,
    };

    public Task<AdminReply> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    /// <param name="method">The method.</param>
    /// <param name="path">The target, encoded.</param>
    /// <param name="json">The body; null where a request of that method has none.</param>
    /// <exception cref="AdminCallException">Nobody answers, or not to us.</exception>
    public async Task<AdminReply> SendAsync(HttpMethod method, string path, byte[]? json)
    {
        using var request = new HttpRequestMessage(method, new Uri(Root, path));
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
            return response.StatusCode == HttpStatusCode.Unauthorized
                ? throw new AdminCallException(ExitCode.Wrong, address.Token is null
                    ? "the instance asks for its token: give --token-file FILE or MINILB_ADMIN__TOKEN"
                    : "the instance has another token")
                : new AdminReply(response.StatusCode, await response.Content.ReadAsByteArrayAsync());
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            throw new AdminCallException(
                ExitCode.Failed, $"nobody answers at {address.Listen.Text}: {(e.InnerException ?? e).Message}");
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
