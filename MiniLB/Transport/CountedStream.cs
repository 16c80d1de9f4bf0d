using System.Net.Sockets;

namespace MiniLB.Transport;

/// <summary>The stream of a connected socket of .NET that says once when it is open and once when it is
/// closed.</summary>
internal sealed class CountedStream(Socket socket) : NetworkStream(socket, ownsSocket: true), IBackendStream
{
    private Action? _closed;

    /// <inheritdoc/>
    public void Count(Action opened, Action closed)
    {
        opened();
        _closed = closed;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Interlocked.Exchange(ref _closed, null)?.Invoke();
    }
}
