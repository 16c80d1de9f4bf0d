using MiniLB.Tests.Fuzzing.Strict;

namespace MiniLB.Tests.Fuzzing.Oracle;

/// <summary>How an exchange ended for its client.</summary>
/// <param name="Stream">All that was received.</param>
/// <param name="TimedOut">True where the balancer did not end the connection within the deadline.</param>
/// <param name="Left">True where the client reset the connection or ended its side before all was answered.</param>
internal sealed record Transcript(ClientStream Stream, bool TimedOut, bool Left)
{
    public StreamEnd Ended => Stream.Ended;
}
