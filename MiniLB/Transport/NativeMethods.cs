using System.Runtime.InteropServices;

namespace MiniLB.Transport;

/// <summary>The calls of the C library that .NET has no wrapper for.</summary>
internal static partial class NativeMethods
{
    public const int RlimitNofile = 7;

    /// <summary>Bytes in a socket's send queue that the peer has not taken (SIOCOUTQ for TCP, tty_ioctl(2),
    /// tcp(7)).</summary>
    public const nuint Tiocoutq = 0x5411;

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    public static partial int GetResourceLimit(int resource, out ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    public static partial int SetResourceLimit(int resource, in ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int ControlSocket(SafeHandle socket, nuint request, out int value);

    [StructLayout(LayoutKind.Sequential)]
    public struct ResourceLimit
    {
        public nuint Soft;
        public nuint Hard;
    }
}
