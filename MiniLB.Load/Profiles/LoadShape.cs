namespace MiniLB.Load.Profiles;

/// <summary>What a stage keeps under control.</summary>
internal enum LoadShape
{
    /// <summary>Requests start at a rate, however long earlier ones take: as clients that know nothing of each other
    /// do.</summary>
    Open,

    /// <summary>A number of requests is in flight: each next one starts when the last has ended.</summary>
    Closed,

    /// <summary>Nothing starts.</summary>
    Pause,
}
