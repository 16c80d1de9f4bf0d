using System.Buffers;
using System.Text;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Transport;
using MiniLB.Wire;

namespace MiniLB.BackgroundLoops.Health;

/// <summary>Probes in HTTP/1.1, where the backend has no choice.</summary>
/// <param name="options">How to probe.</param>
/// <param name="address">What to probe.</param>
/// <param name="limits">Those of an answer's head.</param>
/// <param name="connector">Connects to it, and secures that where it is to be.</param>
/// <param name="time">The clock.</param>
internal sealed class Http1HealthChecker(
    HealthCheckOptions options, BackendAddress address, HeadLimits limits, BackendConnector connector,
    TimeProvider time) : HttpHealthChecker(options, time)
{
    // Known ones in capitals, however they were written.
    private readonly HttpMethod _method = HttpMethod.Parse(options.Method);
    private readonly byte[] _request = Request(options, address);

    public override void Dispose()
    {
        // Each probe has closed its own connection.
    }

    protected override async Task<ProbeResult> AskAsync(CancellationToken cancellationToken)
    {
        await using var connection = await connector.ConnectAsync(address, cancellationToken);
        await connection.WriteAsync(_request, cancellationToken);
        var answer = new ProbeAnswer(connection, limits, isOfHead: _method == HttpMethod.Head);
        var status = await answer.ReadStatusAsync(cancellationToken);
        if (!WantsBody(status))
        {
            answer.LetGo();
            return Judge(status, body: default);
        }

        var body = ArrayPool<byte>.Shared.Rent(MostBodyBytes);
        try
        {
            var length = await answer.ReadBodyAsync(body.AsMemory(0, MostBodyBytes), cancellationToken);
            answer.LetGo();
            return Judge(status, body.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    // The same each time.
    private static byte[] Request(HealthCheckOptions options, BackendAddress address)
    {
        var method = HttpMethod.Parse(options.Method);
        var head = new StringBuilder($"{method} {options.Path ?? "/"} HTTP/1.1\r\n");
        AddUnlessConfigured("Host", options.Host ?? address.Authority);
        foreach (var (name, value) in options.Headers)
        {
            head.Append($"{name}: {value}\r\n");
        }

        AddUnlessConfigured("User-Agent", UserAgent);
        AddUnlessConfigured("Connection", "close");
        if (method.Method is not ("GET" or "HEAD" or "OPTIONS" or "DELETE" or "TRACE" or "CONNECT"))
        {
            AddUnlessConfigured("Content-Length", "0"); // RFC 9110 section 8.6
        }

        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());

        void AddUnlessConfigured(string name, string value)
        {
            if (!options.Headers.Any(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                head.Append($"{name}: {value}\r\n");
            }
        }
    }
}
