using System.Globalization;

namespace MiniLB.Tests.Fuzzing.Engine;

/// <summary>How long and from where to fuzz, read from MINILB_FUZZ_ variables.</summary>
internal sealed record FuzzSettings
{
    /// <summary>MINILB_FUZZ_SECONDS; 10 in an ordinary test run.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>MINILB_FUZZ_SEED; 1 otherwise, so that a run can be repeated.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>MINILB_FUZZ_CASE: the one case to run, again and again.</summary>
    public long? OnlyCase { get; init; }

    /// <summary>MINILB_FUZZ_CONNECTIONS: cases at the same time.</summary>
    public int Connections { get; init; } = 12;

    public bool StopsAtFirstFinding { get; init; }

    public static FuzzSettings FromEnvironment()
    {
        var settings = new FuzzSettings();
        return settings with
        {
            Duration = TimeSpan.FromSeconds(Number("SECONDS") ?? 10),
            Seed = (ulong?)Number("SEED") ?? settings.Seed,
            OnlyCase = Number("CASE"),
            Connections = (int?)Number("CONNECTIONS") ?? settings.Connections,
        };
    }

    private static long? Number(string name) =>
        Environment.GetEnvironmentVariable($"MINILB_FUZZ_{name}") is { Length: > 0 } text
            ? long.Parse(text, CultureInfo.InvariantCulture)
            : null;
}
