namespace MiniLB.Wire;

/// <summary>Whose connection a PROXY header says that it is.</summary>
internal enum ProxyOrigin
{
    /// <summary>The sender's own: LOCAL.</summary>
    Sender,

    /// <summary>That of somebody of whom the sender knows nothing: UNKNOWN, an unspecified family.</summary>
    Unknown,

    /// <summary>That of a client with an address.</summary>
    Address,

    /// <summary>That of a client behind a unix socket.</summary>
    UnixSocket,
}
