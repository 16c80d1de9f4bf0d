using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>Keeps a client at the backend that it was first given, by a cookie that names the backend and tells nobody
/// which it is.</summary>
/// <remarks>The value is the same on every node of the same configuration, so that nothing has to be shared.</remarks>
internal sealed class StickySessions
{
    private readonly byte[] _name;
    private readonly Dictionary<UInt128, Backend> _backends = [];

    // By index, like the cookies.
    private readonly Backend?[] _byIndex;
    private readonly string[] _cookies;
    private readonly string[] _secureCookies;

    public StickySessions(PoolOptions options, Backend?[] byIndex)
    {
        _byIndex = byIndex;
        var session = options.StickySession;
        _name = Encoding.ASCII.GetBytes(session.Cookie);
        var age = session.MaxAge is { } maxAge
            ? string.Create(CultureInfo.InvariantCulture, $"; Max-Age={(long)maxAge.TotalSeconds}")
            : "";
        var digests = Array.ConvertAll(byIndex, b => b is null ? [] : DigestOf(options, b));
        // No script reads it and no other site's form sends it; it says nothing that could be worth more protection.
        _cookies = Array.ConvertAll(
            digests, d => $"{session.Cookie}={Base64Url.EncodeToString(d)}; Path=/{age}; HttpOnly; SameSite=Lax");
        _secureCookies = Array.ConvertAll(_cookies, c => c + "; Secure");
        foreach (var backend in byIndex.OfType<Backend>())
        {
            _backends[BitConverter.ToUInt128(digests[backend.Index])] = backend;
        }
    }

    /// <returns>The backend that the client is bound to, by the first of its cookies that names one; null where none
    /// does.</returns>
    public Backend? Bound(Exchange exchange)
    {
        var cookies = new Cookies(exchange.RequestFields, _name);
        while (cookies.TryNext(out var value))
        {
            if (TryRead(value, out var key) && _backends.TryGetValue(key, out var backend))
            {
                return backend;
            }
        }

        return null;
    }

    /// <returns>The value of the Set-Cookie field that binds a client to a backend; null for one that a later
    /// configuration has brought, which a request that began before it may be given.</returns>
    public string? CookieFor(Backend backend, Exchange exchange) =>
        backend.Index >= _byIndex.Length || _byIndex[backend.Index] != backend ? null
        // A chain of proxies may have made a list of it: the first saw the client.
        : (exchange.Forwarded.ProtoValue.StartsWith("https", StringComparison.OrdinalIgnoreCase)
            ? _secureCookies
            : _cookies)[backend.Index];

    private static byte[] DigestOf(PoolOptions options, Backend backend)
    {
        var identity = Encoding.UTF8.GetBytes($"{options.Name}\n{backend.Url}");
        var digest = options.StickySession.Secret is { } secret
            ? HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), identity)
            : SHA256.HashData(identity);
        return digest[..16];
    }

    private static bool TryRead(ReadOnlySpan<byte> value, out UInt128 key)
    {
        Span<byte> bytes = stackalloc byte[16];
        key = default;
        // Not the Try method: it throws at what is no base64url, and a client may send anything.
        if (value.Length != 22 || Base64Url.DecodeFromUtf8(value, bytes, out _, out var length) != OperationStatus.Done
            || length != 16)
        {
            return false;
        }

        key = BitConverter.ToUInt128(bytes);
        return true;
    }
}
