namespace MiniLB.Tests.Fuzzing;

/// <summary>Random numbers that depend on seed and case number only, whatever the runtime: SplitMix64.</summary>
internal sealed class FuzzRng(ulong state)
{
    private ulong _state = state;

    public static FuzzRng For(ulong seed, long number) => new(Mix(seed) ^ Mix((ulong)number + 0x632BE59BD9B4E019));

    public ulong NextBits() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>From 0 to below the bound.</summary>
    public int Next(int bound) => (int)(NextBits() % (ulong)bound);

    public bool Percent(int chance) => Next(100) < chance;

    public T Pick<T>(IReadOnlyList<T> from) => from[Next(from.Count)];

    /// <summary>Mostly small, sometimes large: each doubling is half as likely.</summary>
    public int Skewed(int largest)
    {
        var bits = 0;
        while (bits < 31 && 1 << (bits + 1) <= largest && Percent(65))
        {
            bits++;
        }

        return Math.Min(largest, (1 << bits) - 1 + Next(1 << bits));
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
