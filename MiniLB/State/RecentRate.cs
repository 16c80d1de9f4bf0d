namespace MiniLB.State;

/// <summary>How often a backend was picked in the last second (HAProxy breaks ties between idle servers by
/// it).</summary>
/// <remarks>One word holds the second, its picks and those of the second before, so that a reader sees one moment and
/// no pick is lost. Written by picks, without a lock.</remarks>
internal sealed class RecentRate
{
    /// <summary>Picks that are counted in a second, for each unit of share. With so many, chance alone is even enough,
    /// and a write with each would take the cache line from the other cores.</summary>
    public const int MostPerShare = 100;

    // The second repeats after 12 days: a backend that was picked exactly that long ago and never since looks as if it
    // had been picked now, once.
    private const int CountBits = 22;
    private const long MostCount = (1L << CountBits) - 1;
    private const long SecondMask = (1L << 20) - 1;

    private long _word;

    /// <param name="milliseconds">The time.</param>
    /// <returns>Thousandths of picks in the second that ends now, the older part of it estimated.</returns>
    public long At(long milliseconds)
    {
        var word = Volatile.Read(ref _word);
        var left = 1000 - (milliseconds % 1000);
        return Age(word, milliseconds / 1000) switch
        {
            0 => (Now(word) * 1000) + (Before(word) * left),
            1 => Now(word) * left,
            // Another thread, whose clock was read later, has begun the next second.
            < 0 => (Now(word) + Before(word)) * 1000,
            _ => 0,
        };
    }

    /// <param name="milliseconds">The time.</param>
    /// <param name="share">The backend's.</param>
    public void Count(long milliseconds, int share)
    {
        var second = milliseconds / 1000;
        var most = Math.Min(MostCount, (long)MostPerShare * share);
        while (true)
        {
            var word = Volatile.Read(ref _word);
            if ((Now(word) >= most && Age(word, second) <= 0)
                || Interlocked.CompareExchange(ref _word, Counted(word, second), word) == word)
            {
                return;
            }
        }
    }

    private static long Counted(long word, long second) => Age(word, second) switch
    {
        <= 0 => word + (1L << CountBits),
        1 => Word(second, 1, Now(word)),
        _ => Word(second, 1, 0),
    };

    private static long Word(long second, long now, long before) =>
        ((second & SecondMask) << (2 * CountBits)) | (now << CountBits) | before;

    // From -2^19 to 2^19 - 1, whatever the second has wrapped to.
    private static long Age(long word, long second) =>
        (second - (word >>> (2 * CountBits))) << 44 >> 44;

    private static long Now(long word) => (word >>> CountBits) & MostCount;

    private static long Before(long word) => word & MostCount;
}
