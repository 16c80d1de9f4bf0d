namespace MiniLB.Wire;

/// <summary>How the end of a message body is told (RFC 9112 section 6.3).</summary>
internal enum BodyFraming
{
    None,
    Length,
    Chunked,
    UntilClose,
}
