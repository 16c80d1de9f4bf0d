namespace MiniLB.Transport.OpenSsl;

/// <summary>What a call of OpenSSL came to.</summary>
internal enum SslOutcome
{
    Done,

    /// <summary>All that has come was read, and more is needed.</summary>
    NeedsInput,

    /// <summary>The other side has said that nothing more comes.</summary>
    Ended,
    Failed,
}
