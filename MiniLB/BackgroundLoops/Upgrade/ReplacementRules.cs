namespace MiniLB.BackgroundLoops.Upgrade;

/// <summary>Where a process can be replaced by another one, and where its end ends what it runs in.</summary>
internal static class ReplacementRules
{
    private const string Roll = "an upgrade would end the container: replace the container instead, one after another";

    // They outlive those whom they start. Any other process 1, be it tini or a script, ends with its child.
    private static readonly string[] MachineInits =
        ["systemd", "init", "openrc-init", "runit", "s6-svscan", "dinit", "launchd"];

    /// <param name="process">Our number.</param>
    /// <param name="parent">The name of who started us, where that is process 1; else empty.</param>
    /// <param name="read">The environment.</param>
    /// <returns>Null where it can be.</returns>
    public static string? Refuse(int process, string parent, Func<string, string?> read) =>
        process == 1 ? $"this is process 1 of its container; {Roll}"
        : parent.Length > 0 && !MachineInits.Contains(parent)
            ? $"this is a child of {parent}, process 1 of the container; {Roll}"
        : read("KUBERNETES_SERVICE_HOST") is { Length: > 0 } ? $"this runs in Kubernetes; {Roll}"
        : read("SYSTEMD_EXEC_PID") == $"{process}" && string.IsNullOrEmpty(read("NOTIFY_SOCKET"))
            ? "systemd takes the end of this process for the end of the service: the unit needs Type=notify, as "
                + "deploy/systemd/minilb.service has it"
        : null;

    /// <summary>The name of process 1 where that is our parent; else empty.</summary>
    public static string ReadParent()
    {
        try
        {
            // proc(5): the fourth field of stat, counted after the name in parentheses, is the parent.
            var stat = File.ReadAllText("/proc/self/stat");
            return stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, "1", ..]
                ? File.ReadAllText("/proc/1/comm").Trim()
                : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
