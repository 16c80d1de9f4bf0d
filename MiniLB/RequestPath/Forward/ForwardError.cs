namespace MiniLB.RequestPath.Forward;

/// <summary>How an attempt failed: each member names the phase and the side.</summary>
internal enum ForwardError
{
    None,

    /// <summary>No backend was left to try.</summary>
    NoneAvailable,

    /// <summary>Every backend had its maxInFlight, and as many requests waited as may.</summary>
    QueueFull,

    /// <summary>Every backend had its maxInFlight for as long as a request may wait.</summary>
    QueueTimeout,

    /// <summary>No connection to the backend could be made; nothing was sent.</summary>
    ConnectFailed,

    /// <summary>The process may open no more sockets: nothing was sent, and the backend has no part in
    /// it.</summary>
    NoDescriptors,

    /// <summary>A kept connection ended after the request was sent and before any byte of an answer.</summary>
    StaleSent,

    /// <summary>A new connection ended after the request was sent and before any byte of an answer.</summary>
    BackendClosed,

    /// <summary>The backend took longer than responseHeaders.</summary>
    ResponseHeadTimeout,

    /// <summary>The backend's response head is broken, or larger than the limits.</summary>
    ResponseHeadInvalid,

    /// <summary>The backend answered with a status that is tried elsewhere.</summary>
    AnswerRefused,

    /// <summary>The client's request head is malformed or too large.</summary>
    RequestHeadInvalid,

    /// <summary>The client's request head took too long.</summary>
    RequestHeadTimeout,

    /// <summary>The backend stopped taking the request body.</summary>
    RequestBodyNotTaken,

    /// <summary>The client's body stalled.</summary>
    RequestBodyTimeout,

    /// <summary>The client's body is malformed.</summary>
    RequestBodyInvalid,

    /// <summary>The client's body is larger than the limit.</summary>
    RequestBodyTooLarge,

    /// <summary>The fields after the client's body are larger than the limits.</summary>
    RequestTrailersTooLarge,

    /// <summary>The backend broke off its response body.</summary>
    ResponseBodyBroken,

    /// <summary>The response body made no progress for the idle time.</summary>
    ResponseBodyTimeout,

    /// <summary>No byte went through a tunnel for the tunnel time.</summary>
    TunnelTimeout,

    /// <summary>The exchange took longer than total.</summary>
    TotalTimeout,

    /// <summary>The client hung up or stopped reading.</summary>
    ClientGone,

    /// <summary>A hook has thrown; the log has the exception.</summary>
    HookFailed,

    /// <summary>A defect of MiniLB's own; the log has the exception.</summary>
    Unexpected,
}
