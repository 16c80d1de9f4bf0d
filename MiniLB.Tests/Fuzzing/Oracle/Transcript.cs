using MiniLB.Tests.Fuzzing.Strict;

namespace MiniLB.Tests.Fuzzing.Oracle;

/// <summary>How an exchange ended for its client.</summary>
/// <param name="Stream">All that was received.</param>
/// <param name="TimedOut">True where the balancer did not end the connection within the deadline.</param>
/// <param name="Left">True where the client reset the connection or ended its side before all was answered.</param>
/// <param name="Sent">All that the client sent, or wanted to.</param>
internal sealed record Transcript(ClientStream Stream, bool TimedOut, bool Left, byte[] Sent)
{
    public StreamEnd Ended => Stream.Ended;

    public bool SentMoreThan(StrictMessage message) => Sent.Length > message.End;
}
