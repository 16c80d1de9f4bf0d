namespace MiniLB.Wire;

/// <summary>Why what has arrived is no PROXY header.</summary>
internal enum ProxyHeaderError
{
    None,

    /// <summary>It may become one when more has come.</summary>
    Incomplete,

    /// <summary>Something else: neither version begins like this.</summary>
    NoHeader,

    /// <summary>No line end within the length of the longest line, or one of another kind.</summary>
    LineEnd,

    /// <summary>A line that does not read as the protocol has it.</summary>
    Line,

    /// <summary>A version, command, family or transport that version 2 does not have.</summary>
    Command,

    TooLong,

    /// <summary>The length does not leave room for the addresses that the family has.</summary>
    Addresses,

    /// <summary>A type-length-value vector that does not fit.</summary>
    Vector,

    Checksum,
}
