namespace MiniLB.RequestPath.Accept;

/// <summary>Why a connection yields no request that can be served.</summary>
internal enum HeadRefusal
{
    None,

    /// <summary>The client or the process wants no other request.</summary>
    ConnectionEnds,

    /// <summary>The head was begun and not finished in time.</summary>
    Timeout,

    Malformed,

    StartLineTooLong,

    HeadTooLarge,

    Version,

    TransferCoding,

    Expectation,
}
