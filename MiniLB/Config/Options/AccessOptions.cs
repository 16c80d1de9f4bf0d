namespace MiniLB.Config.Options;

/// <summary>Who may come in, by the client's address after trusted proxies.</summary>
internal sealed record AccessOptions
{
    /// <summary>Where there is any, all others are refused.</summary>
    public CidrSet Allow { get; init; } = CidrSet.Empty;

    /// <summary>Refused, whatever <see cref="Allow"/> says.</summary>
    public CidrSet Deny { get; init; } = CidrSet.Empty;
}
