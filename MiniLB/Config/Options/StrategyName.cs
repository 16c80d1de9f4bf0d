namespace MiniLB.Config.Options;

/// <summary>How a backend is picked.</summary>
internal enum StrategyName
{
    RoundRobin,
    LeastConnections,
    IpHash,
    ConsistentHash,
    Random,
    PowerOfTwo,
    PeakEwma,
}
