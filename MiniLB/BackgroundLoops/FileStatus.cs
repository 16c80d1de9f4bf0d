using System.Runtime.InteropServices;

namespace MiniLB.BackgroundLoops;

/// <summary>What Linux tells of a file: of a struct statx, which is the same on all architectures, what is asked
/// for.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal partial struct FileStatus
{
    // AT_FDCWD (fcntl.h), STATX_SIZE, STATX_CTIME and STATX_MTIME (linux/stat.h).
    private const int CurrentFolder = -100;
    private const uint SizeAndTimes = 0x200 | 0x80 | 0x40;

    [FieldOffset(40)]
    public long Size;

    /// <summary>When its content changed last, or its place, owner or rights.</summary>
    [FieldOffset(96)]
    public long ChangeSeconds;

    [FieldOffset(104)]
    public uint ChangeNanoseconds;

    /// <summary>When its content was written last, or is said to have been.</summary>
    [FieldOffset(112)]
    public long WriteSeconds;

    [FieldOffset(120)]
    public uint WriteNanoseconds;

    /// <summary>Asks for the file at the end of all links.</summary>
    /// <returns>False where there is none to be seen.</returns>
    public static bool TryGet(string path, out FileStatus status) =>
        GetStatus(CurrentFolder, path, 0, SizeAndTimes, out status) == 0;

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetStatus(int folder, string path, int flags, uint wanted, out FileStatus status);
}
