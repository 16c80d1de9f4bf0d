using System.Net;

namespace MiniLB.Load.Http;

/// <summary>Where requests go.</summary>
internal sealed class HttpTarget(Uri url)
{
    public bool IsTls => url.Scheme is "https" or "wss";

    public string Host => url.IdnHost;

    public string Authority => url.Authority;

    public string Path => url.PathAndQuery;

    public Uri Url => url;

    public EndPoint EndPoint { get; } = IPAddress.TryParse(url.IdnHost, out var address)
        ? new IPEndPoint(address, url.Port)
        : new DnsEndPoint(url.IdnHost, url.Port);

    /// <returns>The same target with something appended to its query.</returns>
    public HttpTarget With(string query) =>
        new(new UriBuilder(url) { Query = url.Query.Length > 1 ? url.Query + "&" + query : query }.Uri);
}
