using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MiniLB.Transport;

/// <summary>Two sockets of our own that are connected with one another and with nothing else.</summary>
internal sealed class ConnectedPair : IDisposable
{
    // socket(2)
    private const int Unix = 1;
    private const int StreamClosedOnExec = 1 | 0x80000;

    /// <exception cref="SocketException">There are no descriptors left.</exception>
    public ConnectedPair()
    {
        Span<int> descriptors = stackalloc int[2];
        if (NativeMethods.CreateSocketPair(Unix, StreamClosedOnExec, 0, descriptors) != 0)
        {
            throw new SocketException(Marshal.GetLastPInvokeError());
        }

        (Near, Far) = (Adopt(descriptors[0]), Adopt(descriptors[1]));
    }

    public Socket Near { get; }

    public Socket Far { get; }

    public void Dispose()
    {
        Near.Dispose();
        Far.Dispose();
    }

    private static Socket Adopt(int descriptor) =>
        new(new SafeSocketHandle(descriptor, ownsHandle: true)) { Blocking = false };
}
