using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>What a client has seen so far of one stream and its connection.</summary>
internal sealed record Seen(StreamState Stream, ErrorCode? GoAway, bool Closed)
{
    public bool HasFailed(IEnumerable<ErrorCode> codes) =>
        codes.Any(c => Stream.Reset == c || (GoAway == c && Closed));
}
