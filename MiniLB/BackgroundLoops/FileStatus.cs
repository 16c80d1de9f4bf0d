using System.Runtime.InteropServices;

namespace MiniLB.BackgroundLoops;

/// <summary>What Linux tells of a file: of a struct statx, which is the same on all architectures, what is asked
/// for.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal partial struct FileStatus
{
    // AT_FDCWD (fcntl.h), STATX_SIZE and STATX_CTIME (linux/stat.h).
    private const int CurrentFolder = -100;
    private const uint SizeAndChange = 0x200 | 0x80;

    [FieldOffset(40)]
    public long Size;

    /// <summary>When its content changed last, or its place, owner or rights.</summary>
    [FieldOffset(96)]
    public long ChangeSeconds;

    [FieldOffset(104)]
    public uint ChangeNanoseconds;

    /// <summary>Asks for the file at the end of all links.</summary>
    /// <returns>False where there is none.</returns>
    public static bool TryGet(string path, out FileStatus status) =>
        GetStatus(CurrentFolder, path, 0, SizeAndChange, out status) == 0;

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetStatus(int folder, string path, int flags, uint wanted, out FileStatus status);
}
