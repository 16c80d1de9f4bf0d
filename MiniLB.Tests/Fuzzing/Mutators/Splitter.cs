using MiniLB.Tests.Fuzzing.Scripts;

namespace MiniLB.Tests.Fuzzing.Mutators;

/// <summary>Divides bytes over several writes, with or without time between them.</summary>
internal static class Splitter
{
    private const int ShortEnoughForSingleBytes = 250;

    public static IEnumerable<Step> Split(FuzzRng rng, byte[] bytes)
    {
        var style = rng.Next(100);
        if (style < 72 || bytes.Length < 2)
        {
            return [Step.Send(bytes)];
        }

        var cuts = style < 90 ? Enumerable.Range(0, 1 + rng.Next(3)).Select(_ => 1 + rng.Next(bytes.Length - 1))
            : style < 98 ? AfterCarriageReturn(rng, bytes)
            : Enumerable.Range(1, Math.Min(bytes.Length, ShortEnoughForSingleBytes) - 1);
        var steps = new List<Step>();
        var from = 0;
        foreach (var cut in cuts.Distinct().Order())
        {
            steps.Add(Step.Send(bytes[from..cut]));
            if (rng.Percent(style < 98 ? 50 : 3))
            {
                steps.Add(Step.Of(StepKind.Pause, 1));
            }

            from = cut;
        }

        steps.Add(Step.Send(bytes[from..]));
        return steps;
    }

    /// <summary>In the middle of line ends.</summary>
    private static int[] AfterCarriageReturn(FuzzRng rng, byte[] bytes)
    {
        var places = Enumerable.Range(1, bytes.Length - 1).Where(i => bytes[i - 1] == '\r').ToArray();
        return places.Length == 0 ? [1] : [rng.Pick(places), rng.Pick(places)];
    }
}
