namespace MiniLB.Wire;

/// <summary>Why a message cannot be read the same way by everyone and is therefore refused.</summary>
internal enum WireError
{
    None,

    /// <summary>The start line is no request line or status line.</summary>
    StartLine,

    /// <summary>The request target holds a byte that no target may hold, or has no form that fits its method.</summary>
    Target,

    /// <summary>A version other than HTTP/1.x.</summary>
    Version,

    StartLineTooLong,

    HeadTooLarge,

    TooManyFields,

    /// <summary>A line that ends in other than CR LF.</summary>
    LineEnd,

    FieldName,

    /// <summary>A control character in a field value.</summary>
    FieldValue,

    /// <summary>Host is missing, repeated, malformed, or at odds with the target.</summary>
    Host,

    ContentLength,

    TransferEncoding,

    /// <summary>Both Content-Length and Transfer-Encoding.</summary>
    TwoFramings,

    /// <summary>A transfer coding that MiniLB does not know.</summary>
    TransferCoding,

    /// <summary>An expectation other than 100-continue.</summary>
    Expectation,

    Chunk,

    ChunkLineTooLong,

    /// <summary>The message ended in its middle.</summary>
    Truncated,
}
