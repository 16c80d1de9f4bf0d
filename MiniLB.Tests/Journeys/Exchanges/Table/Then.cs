namespace MiniLB.Tests.Journeys.Exchanges.Table;

/// <summary>What becomes of the client's connection after the last response.</summary>
internal enum Then
{
    /// <summary>It stays, and another request on it is answered.</summary>
    StaysOpen,

    /// <summary>The balancer closes it, and nothing more comes.</summary>
    Ends,

    /// <summary>The client has left, and looks at nothing.</summary>
    ClientLeft,
}
