using MiniLB.Load.Profiles;

namespace MiniLB.Load.Engine;

/// <summary>When each request of an open stage is to start.</summary>
/// <remarks>By time t of a stage whose rate goes from a to b within T, N(t) = a t + (b - a) t^2 / 2T requests have
/// started; the n-th starts where N(t) = n.</remarks>
internal static class Arrivals
{
    /// <summary>How many requests start in the stage.</summary>
    public static long Count(LoadStage stage) =>
        (long)Math.Round((stage.From + stage.To) / 2 * stage.Time.TotalSeconds);

    /// <param name="stage">An open stage.</param>
    /// <param name="number">From 0.</param>
    /// <returns>From the beginning of the stage.</returns>
    public static TimeSpan At(LoadStage stage, long number)
    {
        var (a, b, time) = (stage.From, stage.To, stage.Time.TotalSeconds);
        var slope = (b - a) / time;
        // The citardauq form of the quadratic's solution: exact where the slope is small or none.
        var root = Math.Sqrt(Math.Max(0, (a * a) + (2 * slope * number)));
        var seconds = number == 0 ? 0 : 2 * number / (a + root);
        return TimeSpan.FromSeconds(Math.Min(seconds, time));
    }
}
