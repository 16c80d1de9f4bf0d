namespace MiniLB.State;

/// <summary>Why a client was turned away: before its request was given to a backend, or, where it was its body, in the
/// middle.</summary>
internal enum Refusal
{
    /// <summary>limits.connections.</summary>
    Connections,

    /// <summary>limits.connectionsPerClient.</summary>
    ConnectionsPerClient,

    /// <summary>No PROXY header where one is required, or not from a trusted proxy.</summary>
    ProxyHeader,

    /// <summary>The TLS handshake failed or took too long.</summary>
    TlsHandshake,

    /// <summary>access.allow and access.deny.</summary>
    Access,

    /// <summary>rateLimit.</summary>
    RateLimit,

    /// <summary>limits.inFlight.</summary>
    InFlight,

    /// <summary>limits.body.</summary>
    Body,

    /// <summary>limits.minBodyRate, timeouts.read.</summary>
    SlowRequest,

    /// <summary>limits.headers, limits.headerBytes, limits.requestLine.</summary>
    Head,

    /// <summary>A request that is malformed, or could be read in two ways.</summary>
    Malformed,

    /// <summary>CONNECT, TRACE.</summary>
    Method,
}
