using MiniLB.Config.Options;

namespace MiniLB.RequestPath.Admit;

/// <summary>The generic cell rate algorithm (ITU-T I.371, annex A) with a burst: which request is one too
/// many.</summary>
/// <remarks>All that is known of a key is when its next request would be due if it came evenly: the theoretical
/// arrival time. One that lies in the past says the same as none. Times are counted in ticks of one clock.</remarks>
/// <param name="Interval">Between two requests that come evenly.</param>
/// <param name="Burst">Requests that may come at once after a quiet time.</param>
internal readonly record struct CellRateRules(long Interval, int Burst)
{
    /// <param name="limit">What the operator wrote.</param>
    /// <param name="frequency">Ticks of the clock in a second.</param>
    public static CellRateRules Of(RateLimitOptions limit, long frequency) => new(
        Math.Max(1, (long)(limit.Rate.Time.TotalSeconds * frequency) / limit.Rate.Requests), limit.Burst);

    /// <summary>How long an allowance that is used up takes to be whole again.</summary>
    public long Whole => Interval * Burst;

    /// <summary>Whether a request may pass.</summary>
    /// <param name="due">When the key's next request is due.</param>
    /// <param name="now">When this one comes.</param>
    /// <param name="next">When the one after it is due; as before where this one does not pass.</param>
    public bool Passes(long due, long now, out long next)
    {
        var from = Math.Max(due, now);
        var passes = from - now <= Interval * (Burst - 1);
        next = passes ? from + Interval : due;
        return passes;
    }

    /// <summary>Requests that may pass at once.</summary>
    /// <param name="ahead">How far the time at which the next request is due lies ahead.</param>
    public int Left(long ahead) => (int)Math.Clamp((Whole - ahead) / Interval, 0, Burst);

    /// <summary>Time after which one more than <see cref="Left"/> may pass: where none may, when it is worth asking
    /// again.</summary>
    /// <param name="ahead">How far the time at which the next request is due lies ahead.</param>
    public long UntilOneMore(long ahead) => Math.Max(0, ahead - (Interval * (Burst - Left(ahead) - 1)));
}
