using System.Net.Sockets;

namespace MiniLB.Transport;

/// <summary>The stream of a connected socket that says once when it is open and once when it is closed.</summary>
internal sealed class CountedStream : NetworkStream
{
    private readonly Action _closed;
    private int _isClosed;

    public CountedStream(Socket socket, Action opened, Action closed)
        : base(socket, ownsSocket: true)
    {
        _closed = closed;
        opened();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            _closed();
        }
    }
}
