namespace MiniLB.State;

/// <summary>What a client connection is doing; each phase but the last has its time limit.</summary>
internal enum ClientPhase
{
    /// <summary>Accepted, and the PROXY header that must come first has not.</summary>
    Introducing,

    /// <summary>Accepted, and no byte of a request has come.</summary>
    Opened,

    /// <summary>A request head has begun, or what is left of a body is being thrown away.</summary>
    Reading,

    /// <summary>Kept open after an answer.</summary>
    Idle,

    /// <summary>The last answer has been given; the client may take it before all ends.</summary>
    Lingering,

    /// <summary>A request is being served.</summary>
    Serving,
}
