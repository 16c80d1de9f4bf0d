namespace MiniLB.Tests.Fuzzing.Scripts;

/// <summary>What one side of an exchange does next.</summary>
internal enum StepKind
{
    Send,
    Pause,

    /// <summary>Client: reads until so many answers are whole.</summary>
    Await,

    /// <summary>Client: waits a moment for any byte, as one who asked for 100 Continue does.</summary>
    AwaitAny,

    /// <summary>Backend: reads the rest of the request.</summary>
    ReadBody,

    /// <summary>Client: ends its direction. Backend: ends the connection.</summary>
    Close,
    Reset,

    /// <summary>Says nothing more until the other side gives up.</summary>
    Stall,
}
