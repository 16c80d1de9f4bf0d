namespace MiniLB.Config.Options;

/// <summary>What the operator changes in the header fields around a request. Nothing by default.</summary>
internal sealed record HeaderOptions
{
    /// <summary>Whether backends are sent Forwarded (RFC 7239) beside X-Forwarded-*; off, since few read it and none
    /// should have to choose between the two.</summary>
    public bool Forwarded { get; init; }

    /// <summary>Changes to what backends are sent; null for none.</summary>
    public HeaderRuleOptions? Request { get; init; }

    /// <summary>Changes to what clients get of a backend's answer; null for none.</summary>
    public HeaderRuleOptions? Response { get; init; }
}
