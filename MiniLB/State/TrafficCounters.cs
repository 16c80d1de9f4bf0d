using System.Numerics;

namespace MiniLB.State;

/// <summary>What one pool or one backend has served since the start: plain counts and a histogram of how long it
/// took.</summary>
/// <remarks>Written by every request as it ends, without a lock; read by whoever shows it. Each core counts for itself,
/// up to <see cref="MostStripes"/>: shared words would travel between the cores with every request. A request counted
/// for its pool and for its backend costs 95 ns on one core and 95 to 110 ns on each of two, the look at the clock
/// included; with shared words it was 95 ns and 120 to 500 ns (MiniLB.Load metrics).</remarks>
internal sealed class TrafficCounters
{
    public const int MostStripes = 4;
    public const int MostReasons = 32;

    /// <summary>Status classes; the first is for what was never answered.</summary>
    public const int Classes = 6;

    private const int Retries = 0;
    private const int Failures = 1;
    private const int BytesIn = 2;
    private const int BytesOut = 3;
    private const int Ticks = 4;
    private const int Codes = 8;
    private const int Reasons = Codes + (Classes * MethodNames.Count);
    private const int Buckets = Reasons + MostReasons;
    private const int Cells = Buckets + LatencyBuckets.Count;

    // Made when first written: a backend that never serves costs nothing.
    private readonly long[]?[] _stripes;

    /// <param name="stripes">A power of two; 0 for as many as there are cores.</param>
    public TrafficCounters(int stripes = 0) => _stripes = new long[]?[stripes > 0
        ? stripes
        : Math.Min(MostStripes, (int)BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount))];

    /// <summary>A request, or an attempt, that was answered.</summary>
    public void Add(in Served served)
    {
        var cells = Stripe();
        Interlocked.Increment(ref cells[Codes + (served.Class * MethodNames.Count) + served.Method]);
        Add(cells, BytesIn, served.BytesIn);
        Add(cells, BytesOut, served.BytesOut);
        Add(cells, Retries, served.Retries);
        if (served.Ticks >= 0)
        {
            Interlocked.Add(ref cells[Ticks], served.Ticks);
            Interlocked.Increment(ref cells[Buckets + LatencyBuckets.Of(served.Ticks)]);
        }
    }

    /// <summary>Why a request, or an attempt, did not end well.</summary>
    /// <param name="reason">Its number.</param>
    /// <param name="isFailure">False where it is the client's doing.</param>
    public void AddFailure(int reason, bool isFailure)
    {
        var cells = Stripe();
        Interlocked.Increment(ref cells[Reasons + reason]);
        Add(cells, Failures, isFailure ? 1 : 0);
    }

    /// <summary>An attempt that follows a failed one.</summary>
    public void AddRetry() => Add(Stripe(), Retries, 1);

    public long RetryCount => Sum(Retries);

    public long FailureCount => Sum(Failures);

    public long BytesReceived => Sum(BytesIn);

    public long BytesSent => Sum(BytesOut);

    /// <summary>The sum of all durations that the histogram holds.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks(Sum(Ticks));

    /// <summary>All that was answered.</summary>
    public long Count
    {
        get
        {
            var sum = 0L;
            for (var i = Codes; i < Reasons; i++)
            {
                sum += Sum(i);
            }

            return sum;
        }
    }

    public long OfReason(int reason) => Sum(Reasons + reason);

    /// <param name="class">The first digit of the status.</param>
    /// <param name="method">One of <see cref="MethodNames"/>.</param>
    public long Of(int @class, int method) => Sum(Codes + (@class * MethodNames.Count) + method);

    public long OfClass(int @class)
    {
        var sum = 0L;
        for (var method = 0; method < MethodNames.Count; method++)
        {
            sum += Of(@class, method);
        }

        return sum;
    }

    /// <summary>Adds the histogram's counts to those given.</summary>
    public void AddBucketsTo(Span<long> counts)
    {
        foreach (var cells in _stripes)
        {
            for (var i = 0; cells is not null && i < LatencyBuckets.Count; i++)
            {
                counts[i] += Volatile.Read(ref cells[Buckets + i]);
            }
        }
    }

    private static void Add(long[] cells, int cell, long value)
    {
        if (value != 0)
        {
            Interlocked.Add(ref cells[cell], value);
        }
    }

    private long[] Stripe()
    {
        var i = Thread.GetCurrentProcessorId() & (_stripes.Length - 1);
        return _stripes[i] ?? Make(ref _stripes[i]);
    }

    private static long[] Make(ref long[]? stripe)
    {
        var made = new long[Cells];
        return Interlocked.CompareExchange(ref stripe, made, null) ?? made;
    }

    private long Sum(int cell)
    {
        var sum = 0L;
        foreach (var cells in _stripes)
        {
            sum += cells is null ? 0 : Volatile.Read(ref cells[cell]);
        }

        return sum;
    }
}

/// <summary>What is counted of a request, or of an attempt, that was answered.</summary>
/// <param name="Class">The first digit of the status.</param>
/// <param name="Method">One of <see cref="MethodNames"/>.</param>
/// <param name="Ticks">How long it took, in ticks of <see cref="TimeSpan"/>; below 0 where that says nothing.</param>
internal readonly record struct Served(int Class, int Method, long Ticks)
{
    public long BytesIn { get; init; }

    public long BytesOut { get; init; }

    public int Retries { get; init; }
}
