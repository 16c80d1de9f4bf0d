namespace MiniLB.Config.Options;

/// <summary>What clients may take; 0 means no limit.</summary>
internal sealed record LimitOptions
{
    /// <summary>Open client connections; one more is closed at once.</summary>
    public int Connections { get; init; }

    /// <summary>Open connections of one peer, IPv6 by its first 64 bits; one more is closed at once. Trusted proxies
    /// and unix sockets have no such limit.</summary>
    public int ConnectionsPerClient { get; init; }

    /// <summary>Requests being served; one more is answered 503.</summary>
    public int InFlight { get; init; }

    /// <summary>Header lines of a request (Envoy's and Kestrel's default).</summary>
    public int Headers { get; init; } = 100;

    /// <summary>Bytes of a request's header lines (Kestrel's default).</summary>
    public long HeaderBytes { get; init; } = 32 * 1024;

    /// <summary>Bytes of a request line (Kestrel's default).</summary>
    public long RequestLine { get; init; } = 8 * 1024;

    /// <summary>Bytes of a request body.</summary>
    public long Body { get; init; }

    /// <summary>Bytes a second below which, after 5 s, an upload counts as stalled (Kestrel's default).</summary>
    public long MinBodyRate { get; init; } = 240;

    /// <summary>Requests at once on one HTTP/2 connection (Kestrel's default).</summary>
    public int Http2Streams { get; init; } = 100;
}

/// <summary>Time limits towards clients; 0 means none. None of them cuts a transfer that makes progress.</summary>
internal sealed record ClientTimeoutOptions
{
    /// <summary>For a request head, and without a byte of a request body.</summary>
    public TimeSpan Read { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Without a byte taken by a client that is being answered.</summary>
    public TimeSpan Write { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A kept connection without a request.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);
}
