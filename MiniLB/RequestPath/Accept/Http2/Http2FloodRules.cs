namespace MiniLB.RequestPath.Accept.Http2;

/// <summary>Tells a client that makes work without wanting anything from one that is only busy.</summary>
/// <remarks>What is done for it is bounded anyway, by the limit of streams and because nothing is read while answers
/// wait; this ends what would go on for ever.</remarks>
internal sealed class Http2FloodRules
{
    // Streams that come to nothing (CVE-2023-44487, CVE-2025-8671): nghttp2's stream_reset_rate_limit. One that was
    // answered makes up for one that was not: who cancels a lot, as a proxy of impatient users does, is busy too.
    private const int Burst = 1000;
    private const int PerSecond = 33;

    // nginx's rule: frames may be so many times larger than what they carry, after the first MiB.
    private const int MostOverhead = 8;
    private const long FreeBytes = 1024 * 1024;

    private long _given = Burst * 1000L;
    private long _givenAt = Environment.TickCount64;
    private long _answered;
    private long _received;
    private long _carried;

    /// <summary>A stream was reset before it was answered, or because of what the client did, or was refused.</summary>
    /// <param name="now">Milliseconds.</param>
    /// <param name="answered">Streams that were answered on the connection so far.</param>
    /// <returns>False where there were too many.</returns>
    public bool MayReset(long now, long answered = 0)
    {
        // In thousandths of a stream.
        var earned = ((now - _givenAt) * PerSecond) + ((answered - _answered) * 1000);
        _given = Math.Min(Burst * 1000L, _given + earned) - 1000;
        (_givenAt, _answered) = (now, answered);
        return _given >= 0;
    }

    /// <param name="bytes">Of a frame.</param>
    /// <param name="carried">Those of them that a request consists of.</param>
    /// <param name="answered">Bytes of answers on the connection so far.</param>
    /// <returns>False where too little of it all was worth anything.</returns>
    public bool MaySend(int bytes, int carried, long answered)
    {
        _received += bytes;
        _carried += carried;
        return _received / MostOverhead <= _carried + answered + FreeBytes;
    }
}
