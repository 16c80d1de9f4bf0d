namespace MiniLB.Admin;

/// <summary>Takes the target of a request apart.</summary>
internal static class AdminPath
{
    /// <returns>What stands between the slashes, decoded; a query is ignored. Empty where it is no path.</returns>
    public static string[] Segments(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target : target[..query];
        // Decoded after the split: the slashes of a backend's URL are not ours.
        return path.StartsWith('/') ? Array.ConvertAll(path[1..].Split('/'), Uri.UnescapeDataString) : [];
    }
}
