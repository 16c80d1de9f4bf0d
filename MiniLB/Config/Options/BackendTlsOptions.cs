namespace MiniLB.Config.Options;

/// <summary>How connections to a pool's https backends are secured. Equal where what the files held is equal.</summary>
internal sealed record BackendTlsOptions
{
    /// <summary>False takes whatever certificate a backend shows.</summary>
    public bool Verify { get; init; } = true;

    /// <summary>The authorities whose word is taken, in place of the system's.</summary>
    public AuthoritySet? Ca { get; init; }

    /// <summary>The system's authorities; null where no backend of the pool is verified by them.</summary>
    public AuthoritySet? System { get; init; }

    /// <summary>The name that backends are asked for and whose certificate they must show; null means the host of their
    /// URL.</summary>
    public string? ServerName { get; init; }

    /// <summary>What backends are shown that ask for a certificate.</summary>
    public KeyedCertificate? Certificate { get; init; }

    /// <summary>Who may vouch for a backend; null where nobody needs to.</summary>
    public AuthoritySet? Authorities => Verify ? Ca ?? System : null;
}
