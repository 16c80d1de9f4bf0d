namespace MiniLB.RequestPath.Hooks;

/// <summary>Code of a fork's own that runs around each request on its way to a backend; docs/extending.md shows
/// one.</summary>
/// <remarks>One object serves all requests, many at once and on several threads: what it keeps must bear that. Both
/// methods run on the thread that serves the connection; one that waits makes other clients wait too. A hook that
/// throws has its request answered with 500 and is named in the log.</remarks>
public abstract class RequestHook
{
    /// <summary>Called once for each request, before the first backend is asked: after <c>headers.request</c> has been
    /// applied, and never again where the request is tried on another backend. Requests that MiniLB answers itself
    /// (its status path, refusals) are not shown.</summary>
    /// <param name="request">The request. Its header fields may be changed until the last hook has returned.</param>
    /// <returns>Null to go on; else what the client is answered in place of a backend's answer, and neither the hooks
    /// behind this one nor any backend see the request.</returns>
    public virtual HookAnswer? OnRequest(HookRequest request) => null;

    /// <summary>Called once where a backend has answered, before the client gets any of it: after
    /// <c>headers.response</c> has been applied, with the hooks in reverse order. Not called for interim answers (1xx
    /// other than 101), for what a hook answers, nor for problem documents of MiniLB.</summary>
    /// <param name="request">The request, with the fields that the backend was sent; they cannot be changed any
    /// more.</param>
    /// <param name="response">The answer's head. Its body is passed on as it comes.</param>
    public virtual void OnResponse(HookRequest request, HookResponse response)
    {
    }
}
