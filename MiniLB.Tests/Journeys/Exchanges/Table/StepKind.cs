namespace MiniLB.Tests.Journeys.Exchanges.Table;

/// <summary>What one step of a script does.</summary>
internal enum StepKind
{
    /// <summary>Sends the text.</summary>
    Say,

    /// <summary>Sends the text in small pieces.</summary>
    Drip,

    /// <summary>Waits until the text has come, after what was heard before.</summary>
    Hear,

    /// <summary>Waits until the text has come, and leaves it where it is.</summary>
    Await,

    /// <summary>Waits until the other side is done, and leaves what came before where it is.</summary>
    AwaitEnd,

    /// <summary>Waits until this side's peer beyond the balancer has received the text.</summary>
    OtherSideHas,

    /// <summary>A client waits until the backend has done all its scripts so far.</summary>
    BackendDone,

    /// <summary>A backend reads the request's body to its end.</summary>
    Body,

    /// <summary>Takes all that comes until the connection ends.</summary>
    HearEnd,

    /// <summary>Says that nothing more will be sent, and goes on reading.</summary>
    HalfClose,

    /// <summary>Closes both directions.</summary>
    Close,

    /// <summary>Closes with a reset.</summary>
    Reset,
}
