namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>Whether more may come on a connection.</summary>
internal enum PeerState
{
    Open,

    /// <summary>The other side has said that it is done.</summary>
    Ended,

    /// <summary>It was reset.</summary>
    Reset,
}
