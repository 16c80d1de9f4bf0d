using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>How much of the memory that the system lets the process have goes to what: a process that takes more is
/// killed, and one whose heap is full ends.</summary>
/// <param name="Limit">0 where there is none; then nothing is bounded by it.</param>
internal sealed record MemoryPlan(long Limit)
{
    /// <summary>That of this process.</summary>
    public static readonly MemoryPlan Current = new(MemoryLimit.Read());

    private const long Kibibyte = 1024;
    private const long Mebibyte = 1024 * Kibibyte;

    // Measured: a process that does nothing yet, and what the heap leaves free between collections.
    private const long Resting = 14 * Mebibyte;

    // Measured: 18 KiB in the process and 4 in the kernel for an open connection; an exchange of small messages takes
    // half as much again, one that carries long bodies fills its buffers.
    private const long Connection = 24 * Kibibyte;
    private const long Exchange = 64 * Kibibyte;

    // Where there is little, the worst may come from all at once: bodies that fill all buffers, and (measured) ten
    // streams on each HTTP/2 connection, with a window of its own each.
    private const long FullExchange = 128 * Kibibyte;
    private const int FullHttp2Connection = 24;
    private const int FewStreams = 10;

    // One that is quiet, or has a few streams.
    private const int Http2Connection = 4;

    private const int Fewest = 16;

    /// <summary>What is sent at once of something long, in bytes. A segment of the loopback interface holds 65,483 (its
    /// MTU is 65,536): a piece that needs two has the second one wait for a timer of the kernel where that paces, as it
    /// does under BBR, and half of the processor goes into timers (docs/performance.md).</summary>
    public const int LongPiece = 60 * 1024;

    /// <summary>True where a few transfers with large buffers would take up everything.</summary>
    public bool IsTight => Limit is > 0 and < 128 * Mebibyte;

    /// <summary>The most that is read at once of a long answer.</summary>
    public int LargeBuffer => IsTight ? 16 * 1024 : LongPiece;

    /// <summary>What is kept of a request that its backend does not take yet.</summary>
    public int RequestBuffer => IsTight ? 64 * 1024 : 128 * 1024;

    /// <summary>What is kept of an answer that its client does not take yet: three frames of HTTP/2, fewer bytes than
    /// <see cref="LongPiece"/>.</summary>
    public int AnswerBuffer => IsTight ? 16 * 1024 : 48 * 1024;

    /// <summary>What a client may send on an HTTP/2 connection before anybody takes it, and on a stream; Kestrel's
    /// defaults where there is room, the smallest that there are (RFC 9113 section 6.9.2) where there is not.</summary>
    public (int Connection, int Stream) Windows =>
        IsTight ? (64 * 1024, 64 * 1024) : (1024 * 1024, 768 * 1024);

    /// <summary>Lines of the access log that may wait to be written; a power of two.</summary>
    public int LogLines => IsTight ? 1024 : 8192;

    /// <returns>How many connections clients may have; 0 means no limit.</returns>
    public int Connections(LimitOptions limits) => limits.Connections > 0 ? limits.Connections : Most(Connection);

    /// <returns>How many requests may be under way; 0 means no limit.</returns>
    public int InFlight(LimitOptions limits) => limits.InFlight > 0 ? limits.InFlight
        : Most(IsTight ? FullExchange : Exchange);

    /// <returns>As how many connections one of HTTP/2 counts.</returns>
    public int OfHttp2(LimitOptions limits) => Limit == 0 || limits.Connections > 0 ? 1
        : IsTight ? FullHttp2Connection
        : Http2Connection;

    /// <returns>How many requests may be under way on one HTTP/2 connection.</returns>
    public int Http2Streams(LimitOptions limits) =>
        IsTight ? Math.Min(limits.Http2Streams, FewStreams) : limits.Http2Streams;

    // Half of what is left for connections, half for what is in flight on them.
    private int Most(long each) =>
        Limit == 0 ? 0 : (int)Math.Clamp((Limit - Resting) / 2 / each, Fewest, int.MaxValue);
}
