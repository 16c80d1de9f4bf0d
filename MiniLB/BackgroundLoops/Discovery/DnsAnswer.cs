using System.Net;

namespace MiniLB.BackgroundLoops.Discovery;

/// <summary>What became of a question.</summary>
/// <param name="Kind">Whether there is an answer, and what it says.</param>
/// <param name="Problem">What went wrong, for <see cref="DnsAnswerKind.Refused"/> and <see
/// cref="DnsAnswerKind.Silent"/>.</param>
internal sealed record DnsAnswer(DnsAnswerKind Kind, string Problem = "")
{
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    public IReadOnlyList<SrvRecord> Services { get; init; } = [];

    public bool IsFound => Kind == DnsAnswerKind.Found;

    public bool IsFailure => Kind is DnsAnswerKind.Refused or DnsAnswerKind.Silent;
}

/// <summary>How a question ended.</summary>
internal enum DnsAnswerKind
{
    /// <summary>There are records.</summary>
    Found,

    /// <summary>The name exists, and has none of this type.</summary>
    Empty,

    /// <summary>The name does not exist (NXDOMAIN).</summary>
    NoSuchName,

    /// <summary>A server has answered that it cannot, or nothing that makes sense.</summary>
    Refused,

    /// <summary>No server has answered.</summary>
    Silent,
}

/// <summary>One server of a service (RFC 2782).</summary>
internal readonly record struct SrvRecord(ushort Priority, ushort Weight, ushort Port, DnsName Target);
