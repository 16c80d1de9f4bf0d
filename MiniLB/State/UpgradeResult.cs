namespace MiniLB.State;

/// <summary>What became of an attempt to have another process take over.</summary>
/// <param name="Process">The process that serves now; 0 where there is none.</param>
/// <param name="Problem">Why this one goes on; null where it does not.</param>
/// <param name="WasTried">False where there was nothing to try.</param>
internal readonly record struct UpgradeResult(int Process, string? Problem, bool WasTried)
{
    public static UpgradeResult By(int process) => new(process, null, WasTried: true);

    public static UpgradeResult Refused(string problem) => new(0, problem, WasTried: false);

    public static UpgradeResult Failed(string problem) => new(0, problem, WasTried: true);
}
