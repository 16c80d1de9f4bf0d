using System.Runtime.InteropServices;

namespace MiniLB.Load.Engine;

/// <summary>The one call of the C library that .NET has no wrapper for.</summary>
internal static partial class NativeMethods
{
    /// <summary>Sleeps to within some 60 us, which <see cref="Thread.Sleep(TimeSpan)"/> cannot.</summary>
    public static void Sleep(TimeSpan time)
    {
        var request = new TimeSpec { Seconds = 0, Nanoseconds = (nint)(time.TotalMicroseconds * 1000) };
        // Ended early by a signal or not: the caller looks at the clock.
        _ = NanoSleep(in request, 0);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpec request, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
