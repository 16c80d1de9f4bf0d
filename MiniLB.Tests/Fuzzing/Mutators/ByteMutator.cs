namespace MiniLB.Tests.Fuzzing.Mutators;

/// <summary>Changes single bytes and stretches of bytes without knowing what they mean.</summary>
internal static class ByteMutator
{
    private static readonly byte[] Interesting =
        [0, 1, 9, 10, 11, 13, 32, 34, 35, 44, 47, 48, 58, 59, 64, 127, 128, 160, 255];

    public static byte[] Mutate(FuzzRng rng, byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return [rng.Pick(Interesting)];
        }

        var at = Position(rng, bytes);
        var length = Math.Min(bytes.Length - at, 1 + rng.Skewed(40));
        var (before, after) = (bytes[..at], bytes[at..]);
        switch (rng.Next(8))
        {
            case 0:
                bytes[at] ^= (byte)(1 << rng.Next(8));
                return bytes;
            case 1:
                bytes[at] = rng.Pick(Interesting);
                return bytes;
            case 2:
                return [.. before, rng.Pick(Interesting), .. after];
            case 3:
                return [.. before, .. after[1..]];
            case 4:
                return [.. before, .. after[length..]];
            case 5:
                return [.. before, .. after[..length], .. after];
            case 6:
                var to = Position(rng, bytes);
                (bytes[at], bytes[to]) = (bytes[to], bytes[at]);
                return bytes;
            default:
                return [.. before, .. Enumerable.Repeat(rng.Pick(Interesting), rng.Skewed(300)), .. after];
        }
    }

    /// <summary>Mostly in the head, where the meaning is.</summary>
    private static int Position(FuzzRng rng, byte[] bytes)
    {
        var head = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        return rng.Next(head > 0 && rng.Percent(80) ? Math.Min(head + 4, bytes.Length) : bytes.Length);
    }
}
