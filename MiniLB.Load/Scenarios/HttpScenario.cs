using MiniLB.Load.Engine;
using MiniLB.Load.Http;

namespace MiniLB.Load.Scenarios;

/// <summary>HTTP requests, one after the other from a list that begins again at its end.</summary>
internal sealed class HttpScenario(Target target, params HttpRequest[] requests) : IScenario
{
    private readonly HttpConnections _connections = new(target.Url, target.BackendField);
    private long _next = -1;

    /// <summary>The same GET every time.</summary>
    public static HttpScenario Get(Target target) => new(target, HttpRequest.Of("GET", target.Url));

    /// <summary>Of ten requests six fetch, one only asks for the head, three upload. Our own backends are asked for
    /// answers of 1 KiB to 1 MiB; those of others answer what they have.</summary>
    public static HttpScenario Mixed(Target target)
    {
        return new HttpScenario(
            target,
            Get(1024), Upload("POST", 1024), Get(1024), Get(16 * 1024), Upload("POST", 64 * 1024),
            HttpRequest.Of("HEAD", target.Url), Get(1024), Get(64 * 1024), Upload("PUT", 16 * 1024), Get(1024 * 1024));

        HttpRequest Get(int bytes) =>
            HttpRequest.Of("GET", target.IsSelf ? target.Url.With($"bytes={bytes}") : target.Url);

        HttpRequest Upload(string method, int bytes) => HttpRequest.Of(method, target.Url, bytes);
    }

    public ValueTask<Outcome> RequestAsync() =>
        _connections.RequestAsync(requests[Interlocked.Increment(ref _next) % requests.Length]);

    public void Dispose() => _connections.Dispose();
}
