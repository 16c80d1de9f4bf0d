namespace MiniLB.BackgroundLoops;

/// <summary>What tells one state of a file from another without reading it.</summary>
/// <param name="Length">Bytes; -1 where there is no file.</param>
/// <param name="Written">When that was last, or is said to have been; only good to be compared.</param>
/// <param name="Changed">When it was put in its place, written or given other rights; only good to be compared, and 0
/// where the system is not asked.</param>
internal readonly record struct FileStamp(long Length, Int128 Written, Int128 Changed)
{
    private static readonly FileStamp None = new(-1, 0, 0);

    /// <remarks>Where the path leads over links, the end of them.</remarks>
    public static FileStamp Of(string? path) => path is null ? None
        : OperatingSystem.IsLinux() ? OfStatus(path)
        : OfOpened(path);

    /// <summary>One call, which allocates nothing: files are looked at ten times a second.</summary>
    internal static FileStamp OfStatus(string path) =>
        // The time of writing alone will not do: whoever installs files may set it, and some set the same for all. Nor
        // will that of change: in older kernels it moves 100 to 1,000 times a second.
        FileStatus.TryGet(path, out var status)
            ? new FileStamp(
                status.Size,
                new Int128((ulong)status.WriteSeconds, status.WriteNanoseconds),
                new Int128((ulong)status.ChangeSeconds, status.ChangeNanoseconds))
            : None;

    /// <summary>As above, by what .NET has for all systems.</summary>
    internal static FileStamp OfOpened(string path)
    {
        try
        {
            using var file = File.OpenHandle(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new FileStamp(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file).Ticks, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder cannot be opened, but is written when a file in it comes or goes.
            return Directory.Exists(path) ? new FileStamp(0, Directory.GetLastWriteTimeUtc(path).Ticks, 0) : None;
        }
    }
}
