using System.Runtime.InteropServices;

namespace MiniLB.RequestPath.Summarize;

/// <summary>A file whose every write goes to its end, wherever that is by then: another instance may be appending too,
/// and a rotation may have truncated it.</summary>
internal static partial class AppendedFile
{
    private const int SetFlags = 4;
    private const int Append = 0x400;

    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static LogOutput Open(string path)
    {
        // .NET's own Append looks for the end once and then counts for itself.
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        if (ControlFile(file, SetFlags, Append) >= 0)
        {
            return new LogOutput(file);
        }

        var error = Marshal.GetLastPInvokeErrorMessage();
        file.Dispose();
        throw new IOException($"{path}: {error}");
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int ControlFile(SafeHandle file, int command, int argument);
}
