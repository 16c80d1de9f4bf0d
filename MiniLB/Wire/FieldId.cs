namespace MiniLB.Wire;

/// <summary>The field names that MiniLB itself acts upon; all others are <see cref="Other"/>.</summary>
internal enum FieldId : byte
{
    Other,
    Authorization,
    Connection,
    ContentLength,
    ContentType,
    Cookie,
    Date,
    Expect,
    Forwarded,
    Host,
    Http2Settings,
    IdempotencyKey,
    KeepAlive,
    MaxForwards,
    ProxyAuthenticate,
    ProxyAuthorization,
    ProxyConnection,
    Referer,
    Te,
    Trailer,
    TransferEncoding,
    Upgrade,
    UserAgent,
    Via,
    WwwAuthenticate,
    XForwardedFor,
    XForwardedHost,
    XForwardedProto,
    XRequestId,

    /// <summary>Other fields that only a trusted proxy may send: X-Forwarded-*, X-Real-IP, and all of them spelt with
    /// underscores, which some servers take for dashes.</summary>
    Forwarding,

    /// <summary>X-Client-Cert-*, spelt with dashes or underscores: who a client has proved to be in TLS.</summary>
    ClientCertificate,

    /// <summary>A line of whatever name that a rule or hook has added: not to be found by those who look for what was
    /// received.</summary>
    Added,
}
