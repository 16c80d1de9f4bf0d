namespace MiniLB.Tests.Journeys.Exchanges.Table;

/// <summary>The settings of the balancer that a row runs against.</summary>
internal enum BenchKind
{
    /// <summary>The defaults.</summary>
    Usual,

    /// <summary>Every timeout is a second.</summary>
    Quick,

    /// <summary>The client is a trusted proxy.</summary>
    Trusting,

    /// <summary>Every limit of size is small.</summary>
    Small,

    /// <summary>Rules change the header fields.</summary>
    Ruled,
}
