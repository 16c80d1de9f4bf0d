using MiniLB.Wire;
using MiniLB.Wire.Http2;

namespace MiniLB.RequestPath.Accept;

/// <summary>What is said of connections that do not come about. Event ids from 210.</summary>
internal static partial class AcceptLog
{
    [LoggerMessage(210, LogLevel.Debug, "closed {Peer}: proxyProtocol is required, and it is not in trustedProxies")]
    public static partial void NotTrusted(ILogger logger, string peer);

    [LoggerMessage(211, LogLevel.Debug, "closed {Peer}: it did not begin with a PROXY header: {Error}")]
    public static partial void NoProxyHeader(ILogger logger, string peer, ProxyHeaderError error);

    [LoggerMessage(212, LogLevel.Debug, "closed {Peer}: the TLS handshake failed: {Reason}")]
    public static partial void HandshakeFailed(ILogger logger, string peer, string reason);

    [LoggerMessage(213, LogLevel.Debug, "closed {Peer}: HTTP/2: {Reason} ({Code})")]
    public static partial void Http2Failed(ILogger logger, string peer, string reason, ErrorCode code);
}
