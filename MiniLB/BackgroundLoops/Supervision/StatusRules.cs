using MiniLB.State;

namespace MiniLB.BackgroundLoops.Supervision;

/// <summary>The line about the process that "systemctl status" shows.</summary>
internal static class StatusRules
{
    public static string Text(World world, bool isStopping)
    {
        if (isStopping)
        {
            var open = world.Statistics.Connections.Open.ToArray();
            return $"stopping; requests in flight: {open.Sum(c => c.InFlight)}, connections: {open.Length}";
        }

        var (now, errors) = (world.Current, world.Statistics.Reloads.Last.Errors.Count);
        var up = $"serving; {now.Alive} of {now.Total} backends up";
        return errors == 0 ? up : $"{up}; the changed configuration is not in effect, errors: {errors}";
    }
}
