using System.Net.Sockets;

namespace MiniLB.Transport;

/// <summary>A few descriptors held back, so that a process that has run out of them for clients still has some for
/// itself: for a probe, a log, a new thread. Used by one accept loop.</summary>
internal sealed class SpareDescriptors : IDisposable
{
    private const int Count = 4;

    private readonly Stack<Socket> _held = new(Count);

    /// <summary>Gives them back to the system.</summary>
    public void Release()
    {
        while (_held.TryPop(out var socket))
        {
            socket.Dispose();
        }
    }

    /// <returns>False where the system has not enough to hold back; then none is held.</returns>
    public bool TryHold()
    {
        try
        {
            while (_held.Count < Count)
            {
                _held.Push(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
            }

            return true;
        }
        catch (SocketException)
        {
            Release();
            return false;
        }
    }

    public void Dispose() => Release();
}
