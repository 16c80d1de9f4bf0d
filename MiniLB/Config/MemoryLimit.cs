using System.Globalization;

namespace MiniLB.Config;

/// <summary>Finds out how much memory the system lets the process have (cgroups(7)): a container's limit, or that of a
/// systemd unit.</summary>
internal static class MemoryLimit
{
    // cgroup v1 says "none" with the largest multiple of a page.
    private const long Beyond = 1L << 50;

    /// <param name="root">Where the file system begins.</param>
    /// <returns>The smallest limit of the group and of those that it is in; 0 where there is none.</returns>
    public static long Read(string root = "/")
    {
        try
        {
            var limits = File.ReadLines(Path.Combine(root, "proc/self/cgroup")).SelectMany(line => Files(root, line))
                .Select(Value).Where(limit => limit is > 0 and < Beyond).ToArray();
            return limits.Length == 0 ? 0 : limits.Min();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <param name="root">Where the file system begins.</param>
    /// <param name="line">hierarchy:controllers:path; version 2 has the number 0 and names no controller.</param>
    private static IEnumerable<string> Files(string root, string line)
    {
        if (line.Split(':', 3) is not [var number, var controllers, var path])
        {
            yield break;
        }

        var (mount, file) = number == "0"
            ? ("sys/fs/cgroup", "memory.max")
            : ("sys/fs/cgroup/memory", "memory.limit_in_bytes");
        if (number != "0" && !controllers.Split(',').Contains("memory"))
        {
            yield break;
        }

        // A container sees its own group as the root, whatever the path says.
        for (var folder = path.Trim('/'); ; folder = folder.Remove(Math.Max(0, folder.LastIndexOf('/'))))
        {
            yield return Path.Combine(root, mount, folder, file);
            if (folder.Length == 0)
            {
                yield break;
            }
        }
    }

    private static long Value(string file)
    {
        const NumberStyles digits = NumberStyles.AllowTrailingWhite;
        var text = File.Exists(file) ? File.ReadAllText(file) : "";
        return long.TryParse(text, digits, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0;
    }
}
