namespace MiniLB.Tests.Journeys.Exchanges.Table;

/// <summary>What a client must see of one response. Fields are written "Name: value", or "Name" for any
/// value.</summary>
internal sealed record ResponseSeen(params int[] Statuses)
{
    /// <summary>The exact body, or null where it does not matter.</summary>
    public string? Body { get; init; }

    /// <summary>The exact status line, or null where it does not matter.</summary>
    public string? Line { get; init; }

    public string[] Has { get; init; } = [];

    public string[] Lacks { get; init; } = [];

    /// <summary>All lines of these names, in this order.</summary>
    public string[] Lines { get; init; } = [];

    /// <summary>The trailer fields that must come, and no others.</summary>
    public string[] Trailers { get; init; } = [];

    /// <summary>The statuses of the interim responses before it, or null where they do not matter.</summary>
    public int[]? Interims { get; init; } = [];

    /// <summary>Fields that the interim responses must have.</summary>
    public string[] InterimHas { get; init; } = [];

    /// <summary>It answers a HEAD request, so that no body follows.</summary>
    public bool ToHead { get; init; }

    /// <summary>It must not look complete: the connection ends before the body does.</summary>
    public bool CutOff { get; init; }

    /// <summary>It must be a problem document of the balancer's own.</summary>
    public bool IsOwn { get; init; }
}
