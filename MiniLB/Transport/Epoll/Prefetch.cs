using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MiniLB.Transport.Epoll;

/// <summary>Has the processor fetch what is needed soon, so that whoever needs it does not wait for memory.</summary>
/// <remarks>Nothing happens where it knows no such instruction.</remarks>
internal static unsafe class Prefetch
{
    private const int Line = 64;

    // Most objects that a connection has are no larger.
    private const int Lines = 3;

    /// <summary>False where it does nothing.</summary>
    public static bool IsSupported => Sse.IsSupported;

    /// <summary>Fetches the beginning of an object. The collector may move it meanwhile: then too much is
    /// fetched, no more.</summary>
    public static void Of(object? item)
    {
        if (Sse.IsSupported && item is not null)
        {
            var at = (byte*)Unsafe.AsPointer(ref Unsafe.As<Fields>(item).First);
            for (var i = 0; i < Lines; i++)
            {
                Sse.Prefetch0(at + (i * Line));
            }
        }
    }

    // As every object looks from within.
    private sealed class Fields
    {
        public byte First = 1; // never made: it has to be assigned somewhere
    }
}
