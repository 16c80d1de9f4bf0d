using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MiniLB.Transport;

/// <summary>Has the kernel drop the first packet of each new connection to a listening socket, as if the network had
/// lost it: the client's kernel sends it again after a second. Closing the socket would refuse the client
/// instead.</summary>
/// <remarks>A classic BPF filter (socket(7), SO_ATTACH_FILTER), which needs no privilege; to it a packet begins with
/// the TCP header. Handshakes that have begun are finished, and connections that were made are not touched.</remarks>
internal static class SynFilter
{
    private const int SolSocket = 1;
    private const int SoAttachFilter = 26;
    private const int SoDetachFilter = 27;

    // include/uapi/linux/bpf_common.h: BPF_LD | BPF_B | BPF_ABS and so on.
    private const ushort LoadByte = 0x30;
    private const ushort And = 0x54;
    private const ushort JumpIfEqual = 0x15;
    private const ushort Return = 0x06;

    private const uint FlagsOffset = 13;
    private const uint SynAndAck = 0x12;
    private const uint Syn = 0x02;

    private static readonly Instruction[] Instructions =
    [
        new(LoadByte, 0, 0, FlagsOffset),
        new(And, 0, 0, SynAndAck),
        new(JumpIfEqual, 0, 1, Syn),
        new(Return, 0, 0, 0),
        new(Return, 0, 0, uint.MaxValue),
    ];

    /// <exception cref="SocketException">The kernel does not take it.</exception>
    public static unsafe void Attach(Socket listening)
    {
        fixed (Instruction* first = Instructions)
        {
            var filter = new Filter((ushort)Instructions.Length, (nint)first);
            listening.SetRawSocketOption(SolSocket, SoAttachFilter, new ReadOnlySpan<byte>(&filter, sizeof(Filter)));
        }
    }

    /// <summary>Lets new connections in again: the socket may be systemd's, and live on.</summary>
    public static void Detach(Socket listening)
    {
        try
        {
            listening.SetRawSocketOption(SolSocket, SoDetachFilter, new byte[sizeof(int)]);
        }
        catch (SocketException)
        {
            // It has no filter (ENOENT).
        }
    }

    /// <summary>struct sock_filter of linux/filter.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    /// <summary>struct sock_fprog of linux/filter.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Filter(ushort Length, nint Instructions);
}
