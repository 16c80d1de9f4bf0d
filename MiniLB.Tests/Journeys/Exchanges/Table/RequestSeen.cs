namespace MiniLB.Tests.Journeys.Exchanges.Table;

/// <summary>What a backend must see of one request. Fields are written "Name: value", or "Name" for any
/// value.</summary>
internal sealed record RequestSeen(string? Line = null)
{
    /// <summary>The exact body without its chunk framing, or null where it does not matter.</summary>
    public string? Body { get; init; }

    public string[] Has { get; init; } = [];

    public string[] Lacks { get; init; } = [];

    /// <summary>All lines of these names, in this order.</summary>
    public string[] Lines { get; init; } = [];

    /// <summary>All lines of these names, whether joined or apart.</summary>
    public string[] Joined { get; init; } = [];

    /// <summary>The trailer fields that must come, and no others.</summary>
    public string[] Trailers { get; init; } = [];

    /// <summary>Its script takes the raw bytes of the body, so that nobody knows where it ends.</summary>
    public bool IsTakenRaw { get; init; }

    /// <summary>It must not look complete.</summary>
    public bool Unfinished { get; init; }

    /// <summary>All bytes that the script heard beside head and body, or null where they do not matter.</summary>
    public string? Heard { get; init; }

    /// <summary>It comes on a connection that carried none before (true) or one (false).</summary>
    public bool? OnNewConnection { get; init; }
}
