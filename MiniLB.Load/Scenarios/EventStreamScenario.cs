using MiniLB.Load.Engine;
using MiniLB.Load.Http;

namespace MiniLB.Load.Scenarios;

/// <summary>An event stream, opened and read until twenty events have come or it ends.</summary>
/// <remarks>Our own backends number their events, one every 50 ms, and stop after twenty: each has to come, in order.
/// Reading is left to HttpClient, which is fast enough for streams.</remarks>
internal sealed class EventStreamScenario(Target target) : IScenario
{
    /// <summary>Events in one stream of our own backends.</summary>
    public const int Events = 20;

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
    });

    private readonly Uri _url = target.IsSelf ? target.Url.With("events=" + Events).Url : target.Url.Url;

    public async ValueTask<Outcome> RequestAsync()
    {
        using var limit = new CancellationTokenSource(HttpConnections.Limit);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _url);
            request.Headers.Accept.ParseAdd("text/event-stream");
            using var response = await _client.SendAsync(request, limit.Token);
            var backend = response.Headers.TryGetValues(target.BackendField, out var names) ? names.First() : null;
            if ((int)response.StatusCode >= 400)
            {
                return Outcome.Failed(FailureNames.OfStatus((int)response.StatusCode), backend);
            }

            var (events, bytes) = await ReadAsync(response, limit.Token);
            return target.IsSelf && events < Events
                ? Outcome.Failed("events missing", backend)
                : new Outcome(null, backend, 0, bytes);
        }
        catch (Exception e) when (FailureNames.IsFailure(e))
        {
            return Outcome.Failed(FailureNames.Of(e));
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<(int Events, long Bytes)> ReadAsync(
        HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var (events, bytes) = (0, 0L);
        while (events < Events && await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            bytes += line.Length + 1;
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                if (target.IsSelf && line != $"data: {events}")
                {
                    throw new InvalidDataException($"expected event {events}, got '{line}'");
                }

                events++;
            }
        }

        return (events, bytes);
    }
}
