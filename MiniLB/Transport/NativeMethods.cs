using System.Runtime.InteropServices;

namespace MiniLB.Transport;

/// <summary>The calls of the C library that .NET has no wrapper for.</summary>
internal static partial class NativeMethods
{
    public const int RlimitNofile = 7;

    /// <summary>Bytes in a socket's send queue that the peer has not taken (SIOCOUTQ for TCP, tty_ioctl(2),
    /// tcp(7)).</summary>
    public const nuint Tiocoutq = 0x5411;

    /// <summary>Closes a descriptor when another program is executed, or does not (FIOCLEX and FIONCLEX, ioctl_tty(2),
    /// asm-generic/ioctls.h).</summary>
    public const nuint Fioclex = 0x5451;

    public const nuint Fionclex = 0x5450;

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    public static partial int GetResourceLimit(int resource, out ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    public static partial int SetResourceLimit(int resource, in ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int ControlSocket(SafeHandle socket, nuint request, out int value);

    /// <summary>Two sockets that are connected (socketpair(2)).</summary>
    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    public static partial int CreateSocketPair(int domain, int type, int protocol, Span<int> descriptors);

    /// <summary>A file in memory only (memfd_create(2)).</summary>
    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateMemoryFile(string name, uint flags);

    /// <summary>The environment that the C library's users see; .NET keeps a copy of its own.</summary>
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetEnvironment(string name, string value, int overwrite);

    [StructLayout(LayoutKind.Sequential)]
    public struct ResourceLimit
    {
        public nuint Soft;
        public nuint Hard;
    }
}
