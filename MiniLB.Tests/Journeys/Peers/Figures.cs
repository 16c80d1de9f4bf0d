using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>Measured figures: in the test's output, and in the file that JOURNEY_FIGURES names.</summary>
internal static class Figures
{
    private static readonly Lock Writing = new();

    public static void Say(ITestOutputHelper output, string figure)
    {
        output.WriteLine(figure);
        if (Environment.GetEnvironmentVariable("JOURNEY_FIGURES") is { Length: > 0 } file)
        {
            lock (Writing)
            {
                File.AppendAllText(file, figure + Environment.NewLine);
            }
        }
    }

    /// <summary>The value below which a share of the values lies.</summary>
    public static double Quantile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }
}
