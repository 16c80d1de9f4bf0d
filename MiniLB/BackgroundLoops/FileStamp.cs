namespace MiniLB.BackgroundLoops;

/// <summary>What tells one state of a file from another without reading it.</summary>
/// <param name="Length">Bytes; -1 where there is no file that can be opened.</param>
/// <param name="Written">When it was written last.</param>
internal readonly record struct FileStamp(long Length, DateTime Written)
{
    private static readonly FileStamp None = new(-1, default);

    public static FileStamp Of(string? path)
    {
        if (path is null)
        {
            return None;
        }

        try
        {
            // Of what is opened: where the path leads over links, the end of them.
            using var file = File.OpenHandle(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new FileStamp(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder cannot be opened, but is written when a file in it comes or goes.
            return Directory.Exists(path) ? new FileStamp(0, Directory.GetLastWriteTimeUtc(path)) : None;
        }
    }
}
