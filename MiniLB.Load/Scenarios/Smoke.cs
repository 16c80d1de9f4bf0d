using MiniLB.Load.Engine;

namespace MiniLB.Load.Scenarios;

/// <summary>One GET of one URL: the whole answer must arrive, with a status below 400.</summary>
internal sealed class Smoke(Uri url, int connections) : IDisposable
{
    /// <summary>For one request, from its start to the last byte of its answer.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private const int BufferBytes = 16 * 1024;

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        MaxConnectionsPerServer = connections,
    });

    /// <summary>Makes one request. Failure is a value; nothing is thrown.</summary>
    public async Task<Outcome> RequestAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            using var response = await _client.SendAsync(request, limit.Token);
            var bytes = await DrainAsync(response, limit.Token);
            var status = (int)response.StatusCode;
            return status < 400 ? Outcome.Answered(bytes) : Outcome.Failed(FailureNames.OfStatus(status));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return Outcome.Failed(FailureNames.Of(e));
        }
    }

    public void Dispose() => _client.Dispose();

    private static async Task<long> DrainAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[BufferBytes];
        long bytes = 0;
        int count;
        while ((count = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            bytes += count;
        }

        return bytes;
    }
}
