namespace MiniLB.RequestPath.Forward;

/// <summary>What became of one attempt: all that a retry decision or a status code needs to know.</summary>
/// <param name="Error">None where the response went through whole.</param>
/// <param name="ResponseStarted">True where the client may have seen a byte of the response.</param>
/// <param name="RequestBodyTouched">True where bytes of the request body were consumed and cannot be sent
/// again.</param>
/// <param name="Cause">The exception behind the error, for the log.</param>
internal readonly record struct AttemptResult(
    ForwardError Error, bool ResponseStarted = false, bool RequestBodyTouched = false, Exception? Cause = null)
{
    public static readonly AttemptResult Done = new(ForwardError.None, ResponseStarted: true);

    /// <summary>Why no connection could be made; null where that is not the error.</summary>
    public string? ConnectReason => Forward.ConnectReason.Of(Error, Cause);

    /// <summary>The backend has served the request, so that it must not be tried again.</summary>
    public static readonly AttemptResult HookFailed = new(ForwardError.HookFailed, RequestBodyTouched: true);
}
