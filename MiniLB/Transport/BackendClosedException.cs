namespace MiniLB.Transport;

/// <summary>A backend connection ended, or failed, while a request on it waited for the first byte of its
/// answer.</summary>
/// <remarks>Deliberately no <see cref="IOException"/>: SocketsHttpHandler would send the request again on its own, to
/// the
/// same backend and whatever the method (seen in its HttpConnection.SendAsync).</remarks>
internal sealed class BackendClosedException(bool sent, bool reused, Exception? cause)
    : Exception(cause?.Message ?? "the connection was closed", cause)
{
    /// <summary>False where no byte of the request can have reached the backend.</summary>
    public bool Sent { get; } = sent;

    /// <summary>True where the connection had answered a request before.</summary>
    public bool Reused { get; } = reused;
}
