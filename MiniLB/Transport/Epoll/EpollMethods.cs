using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MiniLB.Transport.Epoll;

/// <summary>The system calls of an event loop. Those on a request's way never block, and skip what the runtime does
/// around calls that may.</summary>
/// <remarks>Constants: bits/epoll.h, bits/socket.h, asm-generic/errno.h of Linux.</remarks>
internal static partial class EpollMethods
{
    public const uint In = 0x001;
    public const uint Out = 0x004;
    public const uint Error = 0x008;
    public const uint HangUp = 0x010;
    public const uint PeerHangUp = 0x2000;
    public const uint EdgeTriggered = 1u << 31;

    public const int Add = 1;
    public const int Delete = 2;
    public const int CloseOnExec = 0x80000;
    public const int NonBlocking = 0x800;

    public const int TryAgain = 11;
    public const int BrokenPipe = 32;
    public const int ConnectionReset = 104;
    public const int InProgress = 115;

    // SPLICE_F_MOVE, SPLICE_F_NONBLOCK
    private const uint Splicing = 0x01 | 0x02;

    // MSG_PEEK, MSG_DONTWAIT, MSG_NOSIGNAL
    private const int Peek = 0x02;
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;

    // SIOCOUTQ, SHUT_WR, SOL_SOCKET, SO_LINGER
    private const nuint OutputQueue = 0x5411;
    private const int ShutdownWrite = 1;
    private const int SocketLevel = 1;
    private const int Linger = 13;

    /// <summary>An event of the system is packed on x86-64 only (bits/epoll.h).</summary>
    public static readonly int EventBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    /// <summary>Where an event holds what it was registered with.</summary>
    public static readonly int DataOffset = EventBytes - 8;

    /// <returns>How many bytes came; 0 at the end; an error number, negated.</returns>
    public static unsafe int Receive(int socket, Span<byte> into)
    {
        fixed (byte* bytes = into)
        {
            return Outcome(Receive(socket, bytes, (nuint)into.Length, DontWait));
        }
    }

    /// <summary>As <see cref="Receive(int, Span{byte})"/> for one byte, which stays where it is.</summary>
    public static unsafe int LookAhead(int socket)
    {
        byte next;
        return Outcome(Receive(socket, &next, 1, DontWait | Peek));
    }

    /// <returns>How many bytes were taken; an error number, negated.</returns>
    public static unsafe int Send(int socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            return Outcome(Send(socket, first, (nuint)bytes.Length, DontWait | NoSignal));
        }
    }

    /// <summary>Two pieces at once (sendmsg(2)).</summary>
    /// <returns>How many bytes were taken; an error number, negated.</returns>
    public static unsafe int Send(int socket, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        fixed (byte* start = first, rest = second)
        {
            var pieces = stackalloc Piece[2];
            pieces[0] = new Piece { Start = start, Length = (nuint)first.Length };
            pieces[1] = new Piece { Start = rest, Length = (nuint)second.Length };
            var message = new Message { Pieces = pieces, Count = 2 };
            return Outcome(Send(socket, &message, DontWait | NoSignal));
        }
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int CreateEpoll(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static unsafe partial int Control(int epoll, int operation, int descriptor, byte* wanted);

    /// <summary>Waits, so the runtime must know that the thread is outside.</summary>
    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static unsafe partial int Wait(int epoll, byte* events, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int CreateEvent(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "read")]
    public static partial nint Read(int descriptor, out ulong value, nuint count);

    [LibraryImport("libc", EntryPoint = "write")]
    public static partial nint Write(int descriptor, in ulong value, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    /// <summary>The next of those that have connected, if there is one (accept4(2)).</summary>
    /// <param name="listener">Listens, and does not block.</param>
    /// <param name="peer">Room for its address.</param>
    /// <param name="length">Bytes of the address.</param>
    /// <returns>Its descriptor; an error number, negated.</returns>
    public static unsafe int Accept(int listener, Span<byte> peer, out int length)
    {
        fixed (byte* address = peer)
        {
            var size = (uint)peer.Length;
            var outcome = Outcome(Accept(listener, address, &size, CloseOnExec | NonBlocking));
            length = (int)size;
            return outcome;
        }
    }

    /// <summary>The address of our end (getsockname(2)).</summary>
    /// <returns>Bytes of it; an error number, negated.</returns>
    public static unsafe int NameOf(int socket, Span<byte> address)
    {
        fixed (byte* room = address)
        {
            var size = (uint)address.Length;
            var outcome = Outcome(NameOf(socket, room, &size));
            return outcome < 0 ? outcome : (int)size;
        }
    }

    /// <summary>Moves bytes between a socket and a pipe, whichever is which, without a copy (splice(2)).</summary>
    /// <returns>How many were moved; 0 at the end; an error number, negated.</returns>
    public static unsafe int Splice(int from, int to, int most) =>
        Outcome(Splice(from, null, to, null, (nuint)most, Splicing));

    /// <summary>Makes a pipe that never blocks.</summary>
    /// <returns>False where the system has none.</returns>
    public static unsafe bool TryMakePipe(out int readEnd, out int writeEnd)
    {
        var ends = stackalloc int[2];
        var outcome = MakePipe(ends, CloseOnExec | NonBlocking);
        (readEnd, writeEnd) = (ends[0], ends[1]);
        return outcome == 0;
    }

    /// <summary>Bytes that the peer has not taken (SIOCOUTQ, tcp(7)); an error number, negated.</summary>
    public static unsafe int Untaken(int socket)
    {
        var bytes = 0;
        var outcome = Outcome(Control(socket, OutputQueue, &bytes));
        return outcome < 0 ? outcome : bytes;
    }

    /// <summary>Ends the sending side (shutdown(2)).</summary>
    public static int EndOutput(int socket) => Outcome(Shutdown(socket, ShutdownWrite));

    /// <summary>Has the close of a socket reset the connection (SO_LINGER of no time, socket(7)).</summary>
    public static unsafe int ResetAtClose(int socket)
    {
        var linger = stackalloc int[2] { 1, 0 };
        return Outcome(SetOption(socket, SocketLevel, Linger, linger, 2 * sizeof(int)));
    }

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int socket, ReadOnlySpan<byte> address, uint length);

    // No transition of the collector's mode before or after these, so nothing comes between them and their errno.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Outcome(nint result) => result >= 0 ? (int)result : -Marshal.GetLastSystemError();

    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "recv")]
    private static unsafe partial nint Receive(int socket, byte* into, nuint count, int flags);

    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "send")]
    private static unsafe partial nint Send(int socket, byte* bytes, nuint count, int flags);

    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "sendmsg")]
    private static unsafe partial nint Send(int socket, Message* message, int flags);

    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "accept4")]
    private static unsafe partial int Accept(int listener, byte* address, uint* length, int flags);

    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "getsockname")]
    private static unsafe partial int NameOf(int socket, byte* address, uint* length);

    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "splice")]
    private static unsafe partial nint Splice(int from, long* at, int to, long* toAt, nuint most, uint flags);

    [LibraryImport("libc", EntryPoint = "pipe2")]
    private static unsafe partial int MakePipe(int* ends, int flags);

    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static unsafe partial int Control(int socket, nuint request, int* value);

    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "shutdown")]
    private static partial int Shutdown(int socket, int how);

    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "setsockopt")]
    private static unsafe partial int SetOption(int socket, int level, int option, void* value, uint length);

    // struct iovec
    private unsafe struct Piece
    {
        public byte* Start;
        public nuint Length;
    }

    // struct msghdr of the C library
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Message
    {
        public void* Address;
        public uint AddressLength;
        public Piece* Pieces;
        public nuint Count;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }
}
