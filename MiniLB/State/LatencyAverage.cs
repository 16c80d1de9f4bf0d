namespace MiniLB.State;

/// <summary>How long a backend takes to begin its answers: jumps to a peak at once, and comes down slowly.</summary>
/// <remarks>Peak EWMA (Finagle). One word holds the average and its time, so that a reader sees both of one moment and
/// no peak is lost. Written by every request that ends, without a lock.</remarks>
internal sealed class LatencyAverage
{
    // Half of what was known is forgotten in 7 s.
    private const double DecayMilliseconds = 10_000;

    // Half of a peak is forgotten in 22 answers, however soon they follow: at 10,000 requests a second, time alone
    // would leave a backend that paused for a moment almost without work for half a minute.
    private const double LeastWeight = 1 / 32.0;

    /// <summary>Milliseconds after which 5 % would be left: by then nothing is known any more.</summary>
    public const int Memory = 30_000;

    // The bits of a float, then milliseconds modulo 2^32; 0 where nothing was ever observed.
    private ulong _word;
    private volatile int _missedTurns;

    /// <summary>How often it was the backend's turn since it was last picked.</summary>
    public int MissedTurns
    {
        get => _missedTurns;
        set => _missedTurns = value;
    }

    /// <param name="now">Milliseconds on the clock of the process.</param>
    /// <returns>Seconds, faded by the time since the last request; 0 where nothing is known.</returns>
    public double Seconds(long now)
    {
        var word = Volatile.Read(ref _word);
        var age = Age(word, now);
        return age switch
        {
            // A fade of 1 in 1,000 is not worth an exponential; nearly every read of a busy backend ends here.
            < 10 => Average(word),
            < Memory => Average(word) * Kept(age),
            _ => 0,
        };
    }

    /// <param name="seconds">What one request took.</param>
    /// <param name="now">Milliseconds on the clock of the process.</param>
    public void Observe(double seconds, long now)
    {
        while (true)
        {
            var word = Volatile.Read(ref _word);
            var age = Age(word, now);
            var (average, latest) = (Average(word), Math.Max(seconds, 1e-6));
            var kept = Math.Min(Kept(age), 1 - LeastWeight);
            var next = latest > average * Kept(age) ? latest : (average * kept) + (latest * (1 - kept));
            var until = age < 0 ? (uint)word : (uint)now;
            if (Interlocked.CompareExchange(ref _word, Word((float)next, until), word) == word)
            {
                return;
            }
        }
    }

    /// <summary>Forgets half: it was not picked for so long that what is known of it may no longer be true.</summary>
    public void Forgive()
    {
        var word = Volatile.Read(ref _word);
        // Where a request ends just now, what it says is newer.
        Interlocked.CompareExchange(ref _word, Word((float)(Average(word) / 2), (uint)word), word);
    }

    private static double Kept(int age) => age <= 0 ? 1 : Math.Exp(-age / DecayMilliseconds);

    private static ulong Word(float seconds, uint at) => ((ulong)BitConverter.SingleToUInt32Bits(seconds) << 32) | at;

    private static double Average(ulong word) => BitConverter.UInt32BitsToSingle((uint)(word >> 32));

    // Below 0 where another thread, whose clock was read later, was faster. The clock repeats after 50 days: what looks
    // further ahead than any thread can be is from long ago.
    private static int Age(ulong word, long now)
    {
        var age = (int)((uint)now - (uint)word);
        return word == 0 || age < -Memory ? int.MaxValue : age;
    }
}
