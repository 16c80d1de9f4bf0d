namespace MiniLB.Config.Options;

/// <summary>The PROXY header with which connections to a pool's backends begin.</summary>
internal enum ProxyProtocolVersion
{
    Off,

    /// <summary>A line of text.</summary>
    V1,

    /// <summary>Binary.</summary>
    V2,
}
