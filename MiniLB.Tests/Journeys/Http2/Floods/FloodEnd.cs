namespace MiniLB.Tests.Journeys.Http2.Floods;

/// <summary>What became of a flooding connection.</summary>
internal enum FloodEnd
{
    /// <summary>The program ended it.</summary>
    Closed,

    /// <summary>The program stopped reading it.</summary>
    Stalled,

    /// <summary>It was served to the end of the flood.</summary>
    Served,
}
