using System.Net.Security;

namespace MiniLB.RequestPath.Forward;

/// <summary>The connections that one attempt passes between the forwarders of both protocols: made by one of them, and
/// the backend has chosen the other.</summary>
/// <remarks>The handler of HTTP/2 connects beside the request, and may be at it when that has been served.</remarks>
/// <param name="http2">For HTTP/2; null where none was made yet.</param>
internal sealed class Handover(Stream? http2) : IDisposable
{
    private readonly Lock _changing = new();
    private Stream? _http2 = http2;
    private Stream? _http1;
    private bool _isOver;

    /// <summary>What the backend has chosen (ALPN); without TLS it has no choice.</summary>
    public static bool IsHttp2(Stream stream) =>
        stream is SslStream tls && tls.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2;

    /// <returns>The caller's own from now on; null where there is none.</returns>
    public Stream? TakeHttp2() => Take(ref _http2);

    /// <summary>As <see cref="TakeHttp2"/>.</summary>
    public Stream? TakeHttp1() => Take(ref _http1);

    /// <summary>Leaves a connection to which HTTP/2 must not be spoken.</summary>
    public void GiveHttp1(Stream stream)
    {
        lock (_changing)
        {
            if (!_isOver && _http1 is null)
            {
                _http1 = stream;
                return;
            }
        }

        stream.Dispose();
    }

    /// <summary>Closes what nobody has taken.</summary>
    public void Dispose()
    {
        lock (_changing)
        {
            _isOver = true;
        }

        TakeHttp1()?.Dispose();
        TakeHttp2()?.Dispose();
    }

    private Stream? Take(ref Stream? from)
    {
        lock (_changing)
        {
            var stream = from;
            from = null;
            return stream;
        }
    }
}
